using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Endpoints;
using Strata.ServiceDefaults.State;

namespace Strata.ServiceDefaults.Tests;

[Trait("height", "harness")]
public sealed class HostServicesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Endpoints:Http", "70000", "Http")]
    [InlineData("Endpoints:Address", "nowhere", "Endpoints:Address 'nowhere'")]
    [InlineData("Redis:ConnectionString", ",", "Redis:ConnectionString")]
    [InlineData("Redis:RetryDelay", "00:00:30", "Redis:RetryDelay")]
    public async Task Start_BadSetting_StopsTheProcessAndNamesIt(string key, string value, string named)
    {
        var builder = Builder();
        builder.Configuration[key] = value;
        builder.AddServiceDefaults("one");
        builder.Services.AddStateStore();

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var app = builder.Build();
            await app.StartAsync(Cancel);
        });

        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceDefaults_CalledTwice_ChangesNothing()
    {
        var builder = Builder();
        builder.AddServiceDefaults("one").AddServiceDefaults("two");
        await using var app = builder.Build();

        app.MapServiceDefaults().MapServiceDefaults();
        await app.StartAsync(Cancel);

        using var http = Http(app);
        Assert.Contains("\"one\"", await http.GetStringAsync("/metrics", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_PortsStayOpenForThePauseWhileReadinessSaysNo()
    {
        var builder = Builder();
        builder.Configuration["Endpoints:ClosePause"] = "00:00:02";
        builder.AddServiceDefaults("one");
        await using var app = builder.Build();
        app.MapServiceDefaults();
        await app.StartAsync(Cancel);
        using var http = Http(app);

        var stopping = app.StopAsync(Cancel);
        var ready = await http.GetAsync("/health/ready", Cancel);
        var live = await http.GetAsync("/health/live", Cancel);
        var still = !stopping.IsCompleted;
        await stopping;

        Assert.True(still, "the host had stopped before it was asked");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready.StatusCode, live.StatusCode));
    }

    [Fact]
    public async Task Health_ACheckHangs_IsAnsweredAndGivesEachCheck200MillisecondsAtMost()
    {
        var builder = Builder();
        builder.AddServiceDefaults("one");
        builder.Services.AddHealthChecks().AddAsyncCheck("hangs", async cancellation =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return HealthCheckResult.Healthy();
        });
        await using var app = builder.Build();
        app.MapServiceDefaults();
        await app.StartAsync(Cancel);
        using var http = Http(app);

        var ready = await http.GetAsync("/health/ready", Cancel); // and does not hang itself

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.All(
            app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations,
            check => Assert.InRange(check.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public async Task Health_StateStoreThatNobodyAskedYetAndNoRedis_IsNotReady()
    {
        var builder = Builder();
        builder.Configuration["Redis:ConnectionString"] = "127.0.0.1:1";
        builder.AddServiceDefaults("one");
        builder.Services.AddStateStore();
        await using var app = builder.Build();
        app.MapServiceDefaults();
        await app.StartAsync(Cancel);

        using var http = Http(app);
        using var answer = await http.GetAsync("/health/ready", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Redis does not answer", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Endpoints:Http"] = "0",
            ["Endpoints:Grpc"] = "0",
            ["Streaming:BootstrapServers"] = "127.0.0.1:1",
        });
        return builder;
    }

    private static HttpClient Http(WebApplication app) => new() { BaseAddress = app.Services.GetRequiredService<ServiceAddresses>().Http };
}
