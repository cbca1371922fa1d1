extern alias packaged;

using packaged::Strata.Client;
using Strata.EndToEnd.Harness;
using Strata.Local.Hosting;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;

namespace Strata.EndToEnd;

/// <summary>An event comes in by each way that there is, and a slate follows it.</summary>
[Trait("height", "embedded")]
public sealed class WaysIn : IAsyncLifetime
{
    private LocalSystem _system = null!;
    private StrataClient _strata = null!;
    private WaysInSteps _steps = null!;

    public async ValueTask InitializeAsync()
    {
        _system = await LocalSystem.StartAsync(new LocalSettings { Port = 0 }, _ => { }, TestContext.Current.CancellationToken);
        await _system.ReadyAsync(_ => { }, TestContext.Current.CancellationToken);
        _strata = new StrataClient(_system.Addresses.Grpc);
        _steps = new WaysInSteps(_system.Addresses.Http, _strata);
        await _steps.PutItemsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _strata.Dispose();
        await _system.DisposeAsync();
    }

    [Fact]
    public Task Client_SendsAClick_AndTheSlateFollowsIt() => _steps.ByClientAsync();

    [Fact]
    public Task Lines_HoldAClick_AndTheSlateFollowsIt() => _steps.ByLinesAsync();

    [Fact]
    public Task CloudEvent_IsAClick_AndTheSlateFollowsIt() => _steps.ByCloudEventAsync();

    [Fact]
    public Task CloudEvent_InHeaders_IsAClickAndTheSlateFollowsIt() => _steps.ByCloudEventInHeadersAsync();
}

/// <summary>The same into five processes, on a real broker and a real Redis.</summary>
[Trait("height", "system")]
public sealed class WaysInReal
{
    [Fact]
    public async Task Event_ByEachWay_IsFollowedByASlate()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (found, reason) = await BrokerChoice.RealAsync(1, cancellation);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        var (chosen, why) = await StoreFixture.ChooseAsync(cancellation);
        await using var store = chosen;
        Assert.SkipWhen(store is GarnetStore, $"no real Redis: {why}");
        await using var deployment = await Deployment.StartAsync(broker, store, new Dictionary<string, string>(), cancellation);
        using var strata = new StrataClient(
            new StrataClientOptions { IngestionAddress = deployment["Ingestion"].Grpc, RankingAddress = deployment["Ranking"].Grpc });
        var steps = new WaysInSteps(deployment["Ingestion"].Http, strata);
        await steps.PutItemsAsync();

        await steps.ByClientAsync();
        await steps.ByLinesAsync();
        await steps.ByCloudEventAsync();
        await steps.ByCloudEventInHeadersAsync();
    }
}
