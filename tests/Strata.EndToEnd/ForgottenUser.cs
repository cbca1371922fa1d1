using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.EndToEnd.Harness;
using Strata.Local.Sample;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;
using UsersClient = Strata.Contracts.Users.V1.Users.UsersClient;

namespace Strata.EndToEnd;

/// <summary>
/// A user with all that can be held of one is forgotten while others go on: afterwards no key of the store, no newest value of a compacted
/// topic and no answer of a service knows them, and what they did before does not come back with what is still under way.
/// </summary>
public abstract class ForgottenUser(IBroker broker, TestStore store) : IAsyncLifetime
{
    private const int Items = 160;
    private const string User = "ann-who-goes";
    private const string Other = "bob-who-stays";

    private static readonly (TimeSpan Patience, TimeSpan InTime) Limits = (TimeSpan.FromSeconds(180), TimeSpan.FromSeconds(10));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-forget-");
    private StrataSystem _system = null!;

    private (IngestionClient, RankingClient, LayersClient, UsersClient) Clients
        => (new(_system.Channel), new(_system.Channel), new(_system.Channel), new(_system.Channel));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_folder.FullName, "users.keys");
        await File.WriteAllTextAsync(file, $"test {Convert.ToBase64String(new byte[32])}\n", Cancel);
        var settings = new Dictionary<string, string?>
        {
            ["Users:KeysFile"] = file,
            // Impressions are counted soon, so that there are counts to forget.
            ["Optimizer:Outcomes:Window"] = "00:00:02",
            ["Optimizer:Outcomes:ImplicitWindow"] = "00:00:01",
            ["Optimizer:Outcomes:Lateness"] = "00:00:01",
        };
        _system = await StrataSystem.StartAsync(broker, store, settings, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ForgetUser_WhileOthersGoOn_LeavesAKeyedHashAndTombstones()
    {
        var (ingestion, ranking, layers, users) = Clients;
        var items = await PutItemsAsync(ingestion, layers);
        await BecomeKnownAsync(ingestion, ranking, layers, users, items);
        using var others = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var going = GoOnAsync(ingestion, items, others.Token);
        var happened = TimeProvider.System.GetUtcNow();

        var started = TimeProvider.System.GetTimestamp();
        var receipt = await users.ForgetUserAsync(new ForgetUserRequest { UserId = User }, cancellationToken: Cancel);
        var took = TimeProvider.System.GetElapsedTime(started);
        await PublishAsync(ingestion, User, items[0], happened); // still under way when it was asked for
        await PublishAsync(ingestion, Other, items[1], null);
        await UntilAsync(async () => !await new Remains(_system, store).HasKeyAsync(User));
        await others.CancelAsync();
        var gone = await going;

        Assert.True(took < Limits.InTime, $"it took {took}");
        Assert.True(gone > 0, "nobody else did anything meanwhile");
        await new Remains(_system, store).AssertNoneAsync(User, Cancel);
        await UntilAsync(async () => (await SlateAsync(ranking, "a-stranger")).Items.Select(item => item.ItemId)
            .SequenceEqual((await SlateAsync(ranking, User)).Items.Select(item => item.ItemId)));
        Assert.Contains("no-profile", (await SlateAsync(ranking, User)).Degraded);
        Assert.DoesNotContain("no-profile", (await SlateAsync(ranking, Other)).Degraded);
        var own = await layers.GetUserLayersAsync(new GetUserLayersRequest { UserId = User }, cancellationToken: Cancel);
        Assert.Empty(own.Words);
        Assert.All(own.Layers, layer => Assert.Equal((0, 0), (layer.LongInterest, layer.ShortInterest)));
        var export = await users.ExportUserAsync(new ExportUserRequest { UserId = User }, cancellationToken: Cancel);
        Assert.Equal((null, null, 0), (export.Profile, export.Counters, export.Layers.Count));

        // The receipt, and a forged one.
        Assert.Equal(
            ["store:profile", "store:layers", "store:policy"],
            receipt.Places.Where(place => place.Deleted).Select(place => place.Name));
        Assert.All(
            receipt.Places.Where(place => !place.Deleted),
            place => Assert.True(place.Until > receipt.Done, $"{place.Name} until {place.Until}"));
        Assert.DoesNotContain(User, receipt.ToString(), StringComparison.Ordinal);
        var verified = await VerifyAsync(users, User, receipt);
        Assert.Equal((true, true, false), (verified.Genuine, verified.Forgotten, verified.Returned));
        Assert.Empty(verified.Found);
        var forged = receipt.Clone();
        forged.Places[0].Deleted = !forged.Places[0].Deleted;
        Assert.False((await VerifyAsync(users, User, forged)).Genuine);
        Assert.False((await VerifyAsync(users, Other, receipt)).Genuine);

        // They come back: with what they do from now on, and nothing of before.
        var back = await PublishAsync(ingestion, User, items[7], null);
        var again = await ranking.RecommendAsync(
            new RecommendRequest { UserId = User, AsOf = back.AsOf, DryRun = true }, cancellationToken: Cancel);
        Assert.DoesNotContain("no-profile", again.Degraded);
        await PublishAsync(ingestion, User, items[0], happened);
        export = await users.ExportUserAsync(new ExportUserRequest { UserId = User }, cancellationToken: Cancel);
        Assert.Equal([items[7]], export.Profile.Items.Select(item => item.ItemId));
        verified = await VerifyAsync(users, User, receipt);
        Assert.Equal((true, true, true), (verified.Genuine, verified.Forgotten, verified.Returned));
    }

    [Fact]
    public async Task SetConsent_WithoutPersonalising_IsAStranger_AndWithoutStoringIsNobody()
    {
        const string cleo = "cleo-who-minds";
        var (ingestion, ranking, layers, users) = Clients;
        var items = await PutItemsAsync(ingestion, layers);
        var before = await PublishAsync(ingestion, cleo, items[0], null);
        await ranking.RecommendAsync(new RecommendRequest { UserId = cleo, AsOf = before.AsOf, DryRun = true }, cancellationToken: Cancel);

        var consent = await users.SetConsentAsync(new SetConsentRequest { UserId = cleo, Personalise = false }, cancellationToken: Cancel);
        await UntilAsync(async () => (await PublishAsync(ingestion, cleo, items[1], null)).AsOf.Length == 0);
        var slate = await ranking.RecommendAsync(new RecommendRequest { UserId = cleo }, cancellationToken: Cancel);
        var after = await PublishAsync(ingestion, Other, items[2], null);
        await ranking.RecommendAsync(new RecommendRequest { UserId = Other, AsOf = after.AsOf }, cancellationToken: Cancel);
        var held = await users.ExportUserAsync(new ExportUserRequest { UserId = cleo }, cancellationToken: Cancel);

        Assert.Equal((true, false), (consent.Store, consent.Personalise));
        Assert.Contains("no-profile", slate.Degraded);
        Assert.Equal([items[0]], held.Profile.Items.Select(item => item.ItemId));

        consent = await users.SetConsentAsync(new SetConsentRequest { UserId = cleo, Store = false }, cancellationToken: Cancel);
        await PublishAsync(ingestion, cleo, items[3], null);
        held = await users.ExportUserAsync(new ExportUserRequest { UserId = cleo }, cancellationToken: Cancel);

        Assert.Equal((false, false), (consent.Store, consent.Personalise));
        Assert.Equal((null, null, 0), (held.Profile, held.Counters, held.Layers.Count));
        Assert.False(await new Remains(_system, store).HasKeyAsync(cleo));

        consent = await users.SetConsentAsync(new SetConsentRequest { UserId = cleo }, cancellationToken: Cancel);
        Assert.Equal((true, true), (consent.Store, consent.Personalise));
        await UntilAsync(async () => (await PublishAsync(ingestion, cleo, items[4], null)).AsOf.Length > 0);
        await users.ForgetUserAsync(new ForgetUserRequest { UserId = cleo }, cancellationToken: Cancel);
    }

    private static async Task<List<string>> PutItemsAsync(IngestionClient ingestion, LayersClient layers)
    {
        var items = SampleCatalogue.Load().Items.Take(Items).ToList();
        var put = new PutItemsRequest();
        put.Items.AddRange(
            items.Select(item => new Item { ItemId = item.ItemId, Title = item.Title, Description = item.Description }));
        await ingestion.PutItemsAsync(put, cancellationToken: Cancel);
        await UntilAsync(async () =>
        {
            var list = await layers.ListLayersAsync(new ListLayersRequest(), cancellationToken: Cancel);
            return list.Layers.Sum(layer => layer.Items) == items.Count;
        });
        return [.. items.Select(item => item.ItemId)];
    }

    /// <summary>Everything that can be held of a user: acts, a query, a dismissal, attributes, a control, weights, counts.</summary>
    private async Task BecomeKnownAsync(
        IngestionClient ingestion, RankingClient ranking, LayersClient layers, UsersClient users, List<string> items)
    {
        var attributes = new UserAttributes { UserId = User, AgeBand = "25-34", Region = "NZ" };
        await ingestion.PutUsersAsync(new PutUsersRequest { Users = { attributes } }, cancellationToken: Cancel);
        var query = new PublishEventRequest { Event = new UserEvent { UserId = User, Kind = EventKind.Search, Query = "bees and honey" } };
        await ingestion.PublishEventAsync(query, cancellationToken: Cancel);
        var slate = await ranking.RecommendAsync(new RecommendRequest { UserId = User }, cancellationToken: Cancel);
        var dismissed = new UserEvent { UserId = User, Kind = EventKind.Dismiss, ItemId = items[3] };
        await ingestion.PublishEventAsync(new PublishEventRequest { Event = dismissed }, cancellationToken: Cancel);
        var click = new UserEvent { UserId = User, Kind = EventKind.Click, ItemId = slate.Items[0].ItemId };
        click.RequestId = slate.RequestId;
        await ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, cancellationToken: Cancel);
        var boosted = slate.Items[0].Layer.LayerId;
        var control = new ControlUserLayerRequest { UserId = User, LayerId = boosted, Action = LayerAction.Boost };
        var controlled = await layers.ControlUserLayerAsync(control, cancellationToken: Cancel);
        await PublishAsync(ingestion, User, items[0], null);
        await ranking.RecommendAsync(new RecommendRequest { UserId = User, AsOf = controlled.AsOf }, cancellationToken: Cancel);

        // Time of outcomes is the stream's: others move it on.
        await UntilAsync(async () =>
        {
            await PublishAsync(ingestion, Other, items[1], null);
            var held = await users.ExportUserAsync(new ExportUserRequest { UserId = User }, cancellationToken: Cancel);
            return held is { Profile: { Attributes: not null, Controls.Count: > 0, Queries.Count: > 0 }, Counters: not null }
                && held.Layers.Count > 0
                && held.Profile.Items.Any(item => item.ItemId == items[0])
                && held.Layers.All(layer => layer.Words.Count > 0);
        });
    }

    private static async Task<int> GoOnAsync(IngestionClient ingestion, List<string> items, CancellationToken end)
    {
        var sent = 0;
        while (!end.IsCancellationRequested)
        {
            await PublishAsync(ingestion, $"other-{sent % 7}", items[sent % 50], null);
            sent++;
        }

        return sent;
    }

    private static async Task<RecommendResponse> SlateAsync(RankingClient ranking, string user)
        => await ranking.RecommendAsync(new RecommendRequest { UserId = user, DryRun = true }, cancellationToken: Cancel);

    private static async Task<VerifyForgottenResponse> VerifyAsync(UsersClient users, string user, Receipt receipt)
        => await users.VerifyForgottenAsync(new VerifyForgottenRequest { UserId = user, Receipt = receipt }, cancellationToken: Cancel);

    private static async Task<PublishEventResponse> PublishAsync(
        IngestionClient ingestion, string user, string item, DateTimeOffset? happened)
    {
        var act = new UserEvent { UserId = user, Kind = EventKind.Click, ItemId = item };
        if (happened is { } time)
        {
            act.EventTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(time);
        }

        return await ingestion.PublishEventAsync(new PublishEventRequest { Event = act }, cancellationToken: Cancel);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        budget.CancelAfter(Limits.Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), budget.Token);
        }
    }
}

/// <summary>On the embedded broker and the best store.</summary>
[Trait("height", "system")]
public sealed class ForgottenUserEmbedded(EmbeddedBrokerFixture broker, StoreFixture store)
    : ForgottenUser(broker.Broker, store.Store), IClassFixture<EmbeddedBrokerFixture>, IClassFixture<StoreFixture>;

/// <summary>On a real broker and the best store.</summary>
[Trait("height", "system")]
public sealed class ForgottenUserReal(RealBrokerFixture broker, StoreFixture store)
    : ForgottenUser(broker.Broker, store.Store), IClassFixture<RealBrokerFixture>, IClassFixture<StoreFixture>;
