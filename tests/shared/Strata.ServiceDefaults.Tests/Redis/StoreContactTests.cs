using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.ServiceDefaults.Redis;
using Strata.ServiceDefaults.State;
using Strata.Testing.Stores;

namespace Strata.ServiceDefaults.Tests.Redis;

[Trait("height", "real")]
public sealed class StoreContactTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Contact_RedisIsRebuiltOrFull_SaysSoUntilItIsOver()
    {
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var redis = await RedisServerStore.StartAsync(Cancel);
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Endpoints:Http"] = "0";
        builder.Configuration["Endpoints:Grpc"] = "0";
        builder.Configuration["Streaming:BootstrapServers"] = "127.0.0.1:1";
        builder.Configuration["Redis:ConnectionString"] = redis.ConnectionString;
        builder.AddServiceDefaults("one");
        builder.Services.AddStateStore();
        await using var app = builder.Build();
        app.MapServiceDefaults();
        await app.StartAsync(Cancel);
        var contact = app.Services.GetRequiredService<IStoreContact>();
        var health = app.Services.GetRequiredService<HealthCheckService>();
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");

        await UntilAsync("answered in");
        await admin.GetDatabase().StringSetAsync(Keys.Rebuilding, "", TimeSpan.FromSeconds(3));
        await RebuildingAsync(true);
        await RebuildingAsync(false);
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "1");
        await UntilAsync("Redis takes no writes: OOM");
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "0");
        await UntilAsync("answered in");

        async Task RebuildingAsync(bool expected)
        {
            for (var start = TimeProvider.System.GetTimestamp(); contact.IsRebuilding != expected;)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"never {expected}");
                await Task.Delay(100, Cancel);
            }
        }

        async Task UntilAsync(string said)
        {
            var report = default(HealthReportEntry);
            for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
            {
                report = (await health.CheckHealthAsync(check => check.Name == "redis", Cancel)).Entries["redis"];
                if (report.Description!.StartsWith(said, StringComparison.Ordinal))
                {
                    return;
                }

                await Task.Delay(100, Cancel);
            }

            Assert.Fail($"not “{said}” but “{report.Description}”");
        }
    }
}
