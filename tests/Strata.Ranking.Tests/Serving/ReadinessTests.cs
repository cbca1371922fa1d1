using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Browse;
using Strata.Ranking.Serving;
using Strata.ServiceDefaults;
using Strata.Testing;

namespace Strata.Ranking.Tests.Serving;

/// <summary>Ranking answers from the moment its tables are read, and as long as it can serve from memory.</summary>
[Trait("height", "harness")]
public sealed class ReadinessTests : IDisposable
{
    private readonly ServiceWorld _services = new(new World().Item("a", [1, 0]).Published());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task AddRanking_StoreAndShadowAway_CountAsDegradedAndCallsAreGated()
    {
        await using var host = Build();
        var health = host.Services.GetRequiredService<HealthCheckService>();

        var report = await health.CheckHealthAsync(
            check => check.Name is "redis" or "consumer:ranking-shadow" or WarmUp.HealthCheck, TestContext.Current.CancellationToken);

        Assert.Equal(
            [HealthStatus.Degraded, HealthStatus.Degraded, HealthStatus.Unhealthy],
            report.Entries.OrderByDescending(entry => entry.Value.Status).Select(entry => entry.Value.Status));
        Assert.Contains("Redis does not answer", report.Entries["redis"].Description, StringComparison.Ordinal);
        AssertGated<RankingService>(host);
        AssertGated<LayersService>(host);
    }

    [Fact]
    public async Task Recommend_BrokerAway_ServesFromMemoryAndSaysThatItIsStale()
    {
        var before = await _services.Recommend(new RecommendRequest { UserId = "ann" });
        _services.Broker.Silence = TimeSpan.FromSeconds(11);
        var response = await _services.Recommend(new RecommendRequest { UserId = "ann" });

        Assert.DoesNotContain("stale", before.Degraded);
        Assert.Contains("stale", response.Degraded);
        Assert.Single(response.Items);
    }

    [Theory]
    [InlineData("OOM command not allowed", false)]
    [InlineData(null, true)]
    public async Task Recommend_StoreTakesNoWritesOrIsRebuilt_SaysThatItIsStale(string? refusal, bool rebuilding)
    {
        var before = await _services.Recommend(new RecommendRequest { UserId = "ann" });
        (_services.StoreContact.Refusal, _services.StoreContact.IsRebuilding) = (refusal, rebuilding);
        var response = await _services.Recommend(new RecommendRequest { UserId = "ann" });

        Assert.DoesNotContain("stale", before.Degraded);
        Assert.Contains("stale", response.Degraded);
    }

    private static void AssertGated<TService>(WebApplication host)
        where TService : class
        => Assert.Contains(
            host.Services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value.Interceptors,
            interceptor => interceptor.Type == typeof(CallGate));

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddJsonFile(Path.Combine(Repository.Root, "services", "Strata.Ranking", "appsettings.json"));
        builder.Configuration.AddInMemoryCollection([
            new("Streaming:BootstrapServers", "localhost:1"),
            new("Redis:ConnectionString", "localhost:1,connectTimeout=200"),
        ]);
        builder.AddServiceDefaults("ranking-test");
        builder.AddRanking();
        return builder.Build();
    }
}
