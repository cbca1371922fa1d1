using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.Local.Hosting;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;
using UsersClient = Strata.Contracts.Users.V1.Users.UsersClient;

namespace Strata.Local.Tests.Fatigue;

/// <summary>A user is shown slates and chooses nothing, over the whole way: impressions, outcomes, the store, the next slate.</summary>
[Trait("height", "embedded")]
public sealed class TiredUserTests : IAsyncLifetime
{
    private const string User = "ann-who-has-seen-it";
    private const string Known = "ann-who-is-known";
    private const int Items = 30;
    private const int Places = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private LocalSystem _system = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IngestionClient Ingestion => new(_channel);

    private RankingClient Ranking => new(_channel);

    private UsersClient Users => new(_channel);

    public async ValueTask InitializeAsync()
    {
        var settings = new LocalSettings
        {
            Port = 0,
            Overrides = new Dictionary<string, string?>
            {
                ["Optimizer:Outcomes:Window"] = "00:00:02",
                ["Optimizer:Outcomes:ImplicitWindow"] = "00:00:01",
                ["Optimizer:Outcomes:Lateness"] = "00:00:00",
                ["Ranking:Slates:Exploration"] = "0",
            },
        };
        _system = await LocalSystem.StartAsync(settings, logging => logging.ClearProviders(), Cancel);
        await _system.ReadyAsync(_ => { }, Cancel);
        _channel = GrpcChannel.ForAddress(_system.Addresses.Grpc);
        var put = new PutItemsRequest();
        put.Items.AddRange(Enumerable.Range(0, Items).Select(i => new Item { ItemId = $"lamp-{i}", Title = $"Brass reading lamp {i}" }));
        await Ingestion.PutItemsAsync(put, cancellationToken: Cancel);
        await UntilAsync("the catalogue", async () => (await SlateAsync(seen: false, Items)).Items.Count == Items);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Recommend_SlatesWithoutAClick_PutOthersOnTop_AndAClickRestores()
    {
        var first = await SlateAsync(seen: true, Places);
        string[] ids = [.. first.Items.Select(item => item.ItemId)];
        for (var again = 0; again < 3; again++)
        {
            await Ranking.RecommendAsync(Same(ids), cancellationToken: Cancel);
        }

        await UntilAsync("the counts", async () => (await TimesAsync()).GetValueOrDefault(ids[0]) == 4);
        var later = await SlateAsync(seen: false, Items);
        var sunk = later.Items.Single(item => item.ItemId == ids[0]);

        Assert.DoesNotContain(ids[0], later.Items.Take(Places).Select(item => item.ItemId));
        var fatigue = Assert.Single(sunk.Reason.Contributions, part => part.Feature == "fatigue");
        Assert.InRange(fatigue.Value, -1.5, -.5);
        Assert.EndsWith("; shown to you 4 times without your choosing it", sunk.Reason.Text, StringComparison.Ordinal);
        var explained = await Ranking.ExplainAsync(new ExplainRequest { UserId = User, ItemId = ids[0] }, cancellationToken: Cancel);
        Assert.Equal(explained.Item.Score, explained.Contributions.Sum(part => part.Value), 1e-4);
        Assert.Contains(explained.Contributions, part => part.Feature == "fatigue");

        // They choose it from a slate after all: at once by their profile, and then because it is no longer counted.
        var acted = await ChooseAsync(ids);
        var restored = await Ranking.RecommendAsync(
            new RecommendRequest { UserId = User, Count = Items, AllowRepeats = true, DryRun = true, AsOf = acted },
            cancellationToken: Cancel);
        Assert.DoesNotContain(
            restored.Items.Single(item => item.ItemId == ids[0]).Reason.Contributions, part => part.Feature == "fatigue");

        // A busy machine may read a click only after its slate is settled, which then counts as passed over: they choose once more.
        for (var slates = 5u; await PassedOverAsync(ids, slates); slates++)
        {
            Assert.True(slates < 20, "no choice was ever read in time");
            await ChooseAsync(ids);
        }

        // They turn out to be somebody who is known, and are as tired under that name.
        var counts = await TimesAsync();
        await Users.MergeUsersAsync(new MergeUsersRequest { UserId = Known, FromUserId = User }, cancellationToken: Cancel);
        await UntilAsync("the other name", async () => (await TimesAsync(Known)).Count > 0);
        Assert.Equal(counts, await TimesAsync(Known));
        Assert.Empty(await TimesAsync());

        // Forgotten, nothing of it is left.
        await Users.ForgetUserAsync(new ForgetUserRequest { UserId = Known }, cancellationToken: Cancel);
        Assert.Empty(await TimesAsync(Known));
        Assert.All((await SlateAsync(seen: false, Items, Known)).Items, item
            => Assert.DoesNotContain(item.Reason.Contributions, part => part.Feature == "fatigue"));
    }

    // They are shown the same once more and choose the first of it; which state has seen that.
    private async Task<string> ChooseAsync(string[] ids)
    {
        var slate = await Ranking.RecommendAsync(Same(ids), cancellationToken: Cancel);
        var click = new UserEvent { UserId = User, Kind = EventKind.Click, ItemId = ids[0], RequestId = slate.RequestId };
        return (await Ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, cancellationToken: Cancel)).AsOf;
    }

    // Once as many slates as these are settled: the first item still counts as passed over.
    private async Task<bool> PassedOverAsync(string[] ids, uint slates)
    {
        var times = new Dictionary<string, uint>();
        await UntilAsync($"{slates} slates", async () => (times = await TimesAsync()).GetValueOrDefault(ids[1]) >= slates);
        return times.ContainsKey(ids[0]);
    }

    // What was on the first slate once more, in its layer's order.
    private static RecommendRequest Same(string[] ids)
    {
        var request = new RecommendRequest { UserId = User, Count = Places, AllowRepeats = true };
        request.ExcludeItemIds.AddRange(Enumerable.Range(0, Items).Select(i => $"lamp-{i}").Except(ids));
        return request;
    }

    private async Task<RecommendResponse> SlateAsync(bool seen, int count, string user = User)
        => await Ranking.RecommendAsync(
            new RecommendRequest { UserId = user, Count = (uint)count, DryRun = !seen }, cancellationToken: Cancel);

    private async Task<Dictionary<string, uint>> TimesAsync(string user = User)
        => (await Users.ExportUserAsync(new ExportUserRequest { UserId = user }, cancellationToken: Cancel)).Counters?.PassedOver
            .ToDictionary(passed => passed.ItemId, passed => passed.Slates) ?? [];

    private static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"waited {Patience} for {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancel);
        }
    }
}
