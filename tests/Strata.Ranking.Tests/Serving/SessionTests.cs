using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Candidates;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Tests.Serving;

/// <summary>What a call says beside the user: a session, a filter, how much of a reason, where it is shown.</summary>
[Trait("height", "harness")]
public sealed class SessionTests : IDisposable
{
    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Recommend_SessionWithoutAUser_FollowsItAndTeachesNothing()
    {
        var nothing = await _services.Recommend(new RecommendRequest { UserId = "nobody", DryRun = true });
        var slate = await _services.Recommend(new RecommendRequest { ContextItemIds = { "i4", "i0", "i3" } });

        Assert.Equal(0, _services.Store.Reads - 1);
        Assert.Empty(_services.Log.Impressions);
        Assert.Empty(slate.Degraded);
        Assert.DoesNotContain(slate.Items, item => item.ItemId is "i0" or "i3" or "i4");
        Assert.True(
            slate.Items.Count(item => item.Layer.LayerId == 1) > nothing.Items.Count(item => item.Layer.LayerId == 1),
            "a session in layer 1 gets more of it than somebody new");
        Assert.Contains(slate.Items, item => item.Reason.BecauseOf.Contains("i3"));
    }

    [Fact]
    public void With_ItemsAndAQuery_PutsThemBeforeWhatIsKnownAndKeepsWhatIsDismissed()
    {
        var profile = World.Profile("a", "b");
        profile.Items.Add(new ProfileItem { ItemId = "no", LastUnixMs = 1, Kinds = 1u << (int)Contracts.Events.V1.EventKind.Dismiss });
        var before = profile.Clone();

        var with = SessionState.With(new UserState(profile), ["c", "b", "no"], new ProfileQuery { Text = "lamp" }, World.NowMs).Profile!;

        Assert.Equal(["b", "c", "a", "no"], with.Items.Select(item => item.ItemId));
        Assert.Equal(2, with.Items[0].Count);
        Assert.True(UserHistory.Dismissed(with.Items[3]));
        Assert.Equal(("lamp", World.NowMs), (with.Queries[0].Text, with.LastEventUnixMs));
        Assert.Equal(before, profile);
    }

    [Fact]
    public async Task Recommend_NobodyAndNothing_IsRefusedAndAnAsOfNeedsAUser()
    {
        var nobody = await Assert.ThrowsAsync<InvalidRequestException>(() => _services.Recommend(new RecommendRequest()));
        var token = new Contracts.AsOfToken(0, 1, 2).ToString();
        var asOf = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _services.Recommend(new RecommendRequest { ContextItemIds = { "i0" }, AsOf = token }));

        Assert.Equal("user_id", Assert.Single(nobody.Violations).Field);
        Assert.Equal("as_of", Assert.Single(asOf.Violations).Field);
    }

    [Fact]
    public async Task Recommend_WrongNewFields_NamesThemAllAtOnce()
    {
        var request = new RecommendRequest
        {
            UserId = "u",
            Placement = new string('p', 65),
            Explain = (ExplainLevel)9,
            Filter = new ItemFilter
            {
                LayerIds = { Enumerable.Range(0, 65).Select(id => (uint)id) },
                Categories = { new string('c', 257) },
                MinPrice = double.NaN,
                MaxPrice = -1,
                Currency = "euro",
                Availability = { (Contracts.Catalog.V1.Availability)77 },
                Attributes = { new AttributeFilter { AnyOf = { Enumerable.Repeat("x", 33) } } },
            },
        };
        request.ContextItemIds.AddRange(Enumerable.Repeat("i0", 51));

        var fault = await Assert.ThrowsAsync<InvalidRequestException>(() => _services.Recommend(request));

        Assert.Equal(
            [
                "context_item_ids", "placement", "explain", "filter.layer_ids", "filter.categories", "filter.min_price", "filter.max_price",
                "filter.currency", "filter.availability", "filter.attributes.name", "filter.attributes.any_of",
            ],
            fault.Violations.Select(violation => violation.Field));
    }

    [Fact]
    public async Task Recommend_FilterThatSourcesHardlyReach_FillsTheSlateFromTheCatalogueAndSaysSo()
    {
        // Popular ones crowd the lists; what the filter wants was never touched, and is as old as everything.
        using var large = new ServiceWorld(new World(candidates: new CandidateOptions { PerSource = 5, Limit = 100 }));
        for (var i = 0; i < 1_500; i++)
        {
            large.World.Item($"p{i}", createdMs: 2).With(World.Activity($"p{i}", popularity: 1_500 - i));
        }

        for (var i = 0; i < 30; i++)
        {
            large.World.Catalogue.Put(new ItemFeatures { ItemId = $"rare{i}", Title = "Rare", CreatedUnixMs = 1, Tags = { "rare" } });
        }

        large.World.Published();
        var request = new RecommendRequest { UserId = "u", DryRun = true, Count = 30, Filter = new ItemFilter { Tags = { "rare" } } };

        var slate = await large.Recommend(request);
        request.Filter = new ItemFilter { AvoidTags = { "rare" } };
        var usual = await large.Recommend(request);

        Assert.Equal(30, slate.Items.Count(item => item.ItemId.StartsWith("rare", StringComparison.Ordinal)));
        Assert.Contains("widened", slate.Degraded);
        Assert.Equal(30, usual.Items.Count);
    }

    [Theory]
    [InlineData(ExplainLevel.None)]
    [InlineData(ExplainLevel.Unspecified)]
    [InlineData(ExplainLevel.Full)]
    public async Task Recommend_ExplainLevel_GivesAsMuchOfAReason(ExplainLevel level)
    {
        _services.Put("u", World.Profile("i3", "i6"));
        var usual = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true });

        var slate = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true, Explain = level });

        Assert.Equal(usual.Items.Select(item => (item.ItemId, item.Score)), slate.Items.Select(item => (item.ItemId, item.Score)));
        foreach (var item in slate.Items)
        {
            var sum = item.Reason?.Contributions.Sum(part => part.Value);
            Assert.Equal(level == ExplainLevel.None, item.Reason is null);
            Assert.Equal(level == ExplainLevel.Full, sum is { } told && Math.Abs(told - item.Score) < 1e-9);
            Assert.True(level != ExplainLevel.Full || item.Reason!.Contributions.Count > 5);
        }
    }

    [Fact]
    public async Task Recommend_WithoutExploration_StillLogsWithItsPlacement()
    {
        for (var i = 0; i < 20; i++)
        {
            var slate = await _services.Recommend(new RecommendRequest { UserId = "u", Exploration = false, Placement = "home-top" });
            Assert.All(slate.Items, item => Assert.Equal(1, item.Propensity));
        }

        Assert.Equal(20, _services.Log.Impressions.Count(impression => impression.Placement == "home-top"));
    }
}
