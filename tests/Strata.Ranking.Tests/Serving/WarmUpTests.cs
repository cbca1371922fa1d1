using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Tests.Serving;

/// <summary>Ranking is ready, and answers, from the moment that its tables are read and its first slates are made.</summary>
[Trait("height", "harness")]
public sealed class WarmUpTests : IDisposable
{
    private readonly ServiceWorld _services = new(new World().Item("a", [1, 0]).Item("b", [0, 1])
        .With(World.LayerSet(1, [0, 0], (1, [1, 0], 1), (2, [0, 1], 1))).Published());

    private readonly CurrentPolicy _policies = new();
    private readonly WarmUp _warmUp;

    public WarmUpTests() => _warmUp = Of(_services);

    public void Dispose()
    {
        _warmUp.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Call_BeforeTablesAreReadAndSlatesMade_IsUnavailableAndNoEmptySlate()
    {
        await _warmUp.StartAsync(TestContext.Current.CancellationToken);

        var first = await Assert.ThrowsAsync<RpcException>(CallAsync);
        _services.World.Catalogue.Complete();
        _services.Clock.Advance(TimeSpan.FromMilliseconds(50));
        var second = await Assert.ThrowsAsync<RpcException>(CallAsync);
        var before = await HealthAsync();
        _policies.Complete();
        await UntilOverAsync(TimeSpan.FromMilliseconds(50));
        var impressions = _services.Log.Impressions.Count;
        var queries = _services.Texts.Asked;
        var response = await CallAsync();

        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (first.StatusCode, second.StatusCode));
        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Healthy), (before, await HealthAsync()));
        Assert.Equal(2, response.Items.Count);
        Assert.Equal(WarmUp.Slates, _warmUp.Made);
        Assert.Equal(0, impressions);
        Assert.Equal(2, queries);
    }

    [Fact]
    public async Task Execute_StoreThatNeverAnswers_MakesItsSlatesWithoutIt()
    {
        _services.Store.Silent = true;
        _services.Store.OnRead = _ => _services.Clock.Advance(TimeSpan.FromMilliseconds(100));
        Complete();

        await _warmUp.StartAsync(TestContext.Current.CancellationToken);
        await UntilOverAsync(TimeSpan.Zero);
        _services.Store.Silent = false;

        Assert.Equal(WarmUp.Slates, _warmUp.Made);
        Assert.Equal(2, (await CallAsync()).Items.Count);
    }

    [Fact]
    public async Task Execute_LongestTimeIsOver_EndsWithWhatItHasMade()
    {
        _services.Store.OnRead = _ => _services.Clock.Advance(WarmUp.Longest);
        Complete();

        await _warmUp.StartAsync(TestContext.Current.CancellationToken);
        await UntilOverAsync(TimeSpan.Zero);

        Assert.True(_warmUp.IsOver);
        Assert.InRange(_warmUp.Made, 0, 1);
    }

    [Fact]
    public async Task Execute_StoreThatFails_IsOver()
    {
        _services.Store.OnRead = _ => throw new InvalidOperationException("broken");
        Complete();

        await _warmUp.StartAsync(TestContext.Current.CancellationToken);
        await UntilOverAsync(TimeSpan.Zero);

        Assert.Equal((true, 0), (_warmUp.IsOver, _warmUp.Made));
    }

    [Fact]
    public async Task Execute_ConsentsAreNotReadYet_Waits()
    {
        using var services = new ServiceWorld(new World(), consentsAreRead: false);
        services.World.Catalogue.Complete();
        _policies.Complete();
        using var warmUp = Of(services);

        await warmUp.StartAsync(TestContext.Current.CancellationToken);
        var before = (warmUp.TablesAreRead, warmUp.IsOver);
        services.Consents.CaughtUp();
        while (!warmUp.IsOver)
        {
            services.Clock.Advance(services.Texts.Asked == 0 ? TimeSpan.FromMilliseconds(50) : TimeSpan.Zero);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal((false, false), before);
        Assert.Equal(WarmUp.Slates, warmUp.Made);
    }

    [Fact]
    public async Task Execute_EmptyCatalogue_IsOver()
    {
        using var services = new ServiceWorld(new World());
        services.World.Catalogue.Complete();
        _policies.Complete();
        using var warmUp = Of(services);

        await warmUp.StartAsync(TestContext.Current.CancellationToken);
        await warmUp.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal((true, WarmUp.Slates), (warmUp.IsOver, warmUp.Made));
    }

    private WarmUp Of(ServiceWorld services) => new(
        services.World.Catalogue,
        _policies,
        services.World.Recommender,
        services.Users,
        services.Texts,
        Options.Create(new SlateOptions()),
        services.Clock,
        NullLogger<WarmUp>.Instance);

    private void Complete()
    {
        _services.World.Catalogue.Complete();
        _policies.Complete();
    }

    // Time passes until it has begun: its budget is of the same clock.
    private async Task UntilOverAsync(TimeSpan step)
    {
        while (!_warmUp.ExecuteTask!.IsCompleted)
        {
            _services.Clock.Advance(_services.Texts.Asked == 0 ? step : TimeSpan.Zero);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await _warmUp.ExecuteTask;
    }

    private async Task<HealthStatus> HealthAsync()
        => (await _warmUp.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status;

    private Task<RecommendResponse> CallAsync()
        => new CallGate(_warmUp).UnaryServerHandler(
            new RecommendRequest { UserId = "ann" }, new ServiceWorld.Call(), _services.Ranking.Recommend);
}
