using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts;
using Strata.Edge.Requests;
using Strata.Ranking.Suggestions.Core;
using Strata.Ranking.Suggestions;
using Strata.Ranking.Tests.Serving;
using Strata.ServiceDefaults.State;
using Kind = Strata.Contracts.Ranking.V1.Suggestion.Types.Kind;

namespace Strata.Ranking.Tests.Suggestions;

[Trait("height", "harness")]
public sealed class SuggestTests : IDisposable
{
    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Suggest_Typed_AreQueriesAndTitlesByTheirPopularity()
    {
        Build(("candy canes", 9), ("candles", 5));

        var answer = await SuggestAsync(new SuggestRequest { Prefix = "cand", Count = 4 });

        Assert.Equal(["candy canes", "Candies 0", "Candies 1", "Candies 2"], answer.Suggestions.Select(one => one.Text));
        Assert.Equal([Kind.Query, Kind.Title, Kind.Title, Kind.Title], answer.Suggestions.Select(one => one.Kind));
        Assert.Equal(["", "i0", "i1", "i2"], answer.Suggestions.Select(one => one.ItemId));
        Assert.Equal((1, 1), (answer.Suggestions[0].Score, answer.Suggestions[1].Score));
        Assert.Equal(8, (await SuggestAsync(new SuggestRequest { Prefix = "cand" })).Suggestions.Count);
    }

    [Fact]
    public async Task Suggest_ItemsHiddenRenamedOrGoneSince_AreNotSuggested()
    {
        Build();
        _services.World.Catalogue.Put(new ItemFeatures { ItemId = "i0", Title = "Candies 0", Hidden = true });
        _services.World.Catalogue.Put(new ItemFeatures { ItemId = "i1", Title = "Sweets 1" });
        _services.World.Catalogue.Remove("i2");
        _services.World.Published();

        var answer = await SuggestAsync(new SuggestRequest { Prefix = "cand", Count = 2 });

        Assert.Equal(["i3", "i4"], answer.Suggestions.Select(one => one.ItemId));
    }

    [Fact]
    public async Task Suggest_ForAUser_BringsTheirLayersForwardAndLeavesOutWhatTheyDismissed()
    {
        Build();
        var profile = World.Profile("i37", "i34", "i31", "i28");
        profile.Items[0].Kinds = 1 << 7; // dismissed
        _services.Put("ann", profile);
        _services.Store.Values[Keys.UserLayers("ann")] = FencedValue.Encode(
            [default],
            new UserLayers { AsOfUnixMs = World.NowMs, LayerIds = { 2 }, LongWeights = { 1 }, ShortWeights = { 1 } }.ToByteArray());

        var own = await SuggestAsync(new SuggestRequest { Prefix = "candies", Count = 4, UserId = "ann" });
        var dismissed = await SuggestAsync(new SuggestRequest { Prefix = "candies 37", UserId = "ann" });
        var nobodys = await SuggestAsync(new SuggestRequest { Prefix = "candies", Count = 4 });

        Assert.Equal(["i1", "i4", "i7", "i0"], own.Suggestions.Select(one => one.ItemId));
        Assert.Equal(["i0", "i1", "i2", "i3"], nobodys.Suggestions.Select(one => one.ItemId));
        Assert.Equal(2 * nobodys.Suggestions[1].Score, own.Suggestions[0].Score, 1e-6);
        Assert.Empty(dismissed.Suggestions);
        Assert.DoesNotContain("no-profile", own.Degraded);
    }

    [Fact]
    public async Task Suggest_BeforeTheFirstIndex_IsUnavailable()
    {
        var fault = await Assert.ThrowsAsync<RpcException>(() => SuggestAsync(new SuggestRequest { Prefix = "c" }));

        Assert.Equal(StatusCode.Unavailable, fault.StatusCode);
    }

    [Fact]
    public async Task Suggest_WrongFields_AreNamed()
    {
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => SuggestAsync(new SuggestRequest { Prefix = " ", Count = 21, UserId = new string('u', 129) }));
        var longer = await Assert.ThrowsAsync<InvalidRequestException>(
            () => SuggestAsync(new SuggestRequest { Prefix = new string('x', 257) }));

        Assert.Equal(["prefix", "count", "user_id"], fault.Violations.Select(violation => violation.Field));
        Assert.Equal("prefix", Assert.Single(longer.Violations).Field);
    }

    [Fact]
    public void BuildIfChanged_NothingChanged_KeepsTheIndex()
    {
        using var meters = new OneMeterFactory();
        var searches = new SearchTable(Options.Create(new SuggestionsOptions()));
        using var refresh = new SuggestionRefresh(
            _services.World.Catalogue,
            searches,
            _services.Suggestions,
            Options.Create(new SuggestionsOptions()),
            new SuggestionsMetrics(meters),
            _services.Clock);

        refresh.BuildIfChanged();
        var first = _services.Suggestions.Index;
        refresh.BuildIfChanged();
        var second = _services.Suggestions.Index;
        _services.World.Item("new", title: "Liquorice").Published();
        refresh.BuildIfChanged();

        Assert.Same(first, second);
        Assert.Single(_services.Suggestions.Index!.Find("liq", 5, _ => true));
    }

    private void Build(params (string Query, double Users)[] queries)
        => _services.Suggestions.Index = SuggestionIndex.Build(SuggestedTexts.Of(_services.World.View, queries));

    private Task<SuggestResponse> SuggestAsync(SuggestRequest request) => _services.Ranking.Suggest(request, new ServiceWorld.Call());
}
