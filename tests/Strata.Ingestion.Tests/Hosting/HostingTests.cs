using System.Net;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.ServiceDefaults;
using Strata.ServiceDefaults.Endpoints;
using Strata.ServiceDefaults.State;

namespace Strata.Ingestion.Tests.Hosting;

public sealed class HostingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_NoStateStore_IsHealthy(string path)
    {
        await using var app = await IngestionApp.StartAsync();

        using var answer = await app.Http.GetAsync(path, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Health_OverGrpc_IsServing()
    {
        await using var app = await IngestionApp.StartAsync();

        var answer = await new Grpc.Health.V1.Health.HealthClient(app.Channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancel);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task Reflection_ListsTheService()
    {
        await using var app = await IngestionApp.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(app.Channel).ServerReflectionInfo(cancellationToken: Cancel);

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = string.Empty }, Cancel);
        await call.ResponseStream.MoveNext(Cancel);

        Assert.Contains("strata.ingestion.v1.Ingestion", call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name));
    }

    [Fact]
    public async Task Metrics_AfterCalls_CountAcceptedAndRejected()
    {
        await using var app = await IngestionApp.StartAsync();
        await app.Grpc.PublishEventAsync(new PublishEventRequest { Event = new UserEvent { UserId = "someone", Kind = EventKind.Search, Query = "q" } }, cancellationToken: Cancel);
        await app.PostAsync("/v1/events", """{"kind":"EVENT_KIND_CLICK"}""");
        await app.PostAsync("/v1/items", """{"items":[{"item_id":"a"}]}""");

        var metrics = await app.Http.GetStringAsync("/metrics", Cancel);

        // Meters of one name are collected together, whichever host of this process made them: other tests may count along.
        Assert.Matches("""strata_ingestion_accepted_total\{[^}]*kind="SEARCH"[^}]*\} [1-9]""", metrics);
        Assert.Matches("""strata_ingestion_rejected_total\{[^}]*kind="CLICK",reason="event.user_id"[^}]*\} [1-9]""", metrics);
        Assert.Matches("""strata_ingestion_rejected_total\{[^}]*kind="item",reason="items.title"[^}]*\} [1-9]""", metrics);
        Assert.Matches("""strata_ingestion_publish_duration_seconds_count\{[^}]*topic="strata.events.v1"[^}]*\} [1-9]""", metrics);
        Assert.DoesNotContain("someone", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("*")]
    [InlineData("")]
    public async Task Start_OnAnAddress_IsReachedWhereItSays(string address)
    {
        Assert.SkipWhen(address == "::1" && !System.Net.Sockets.Socket.OSSupportsIPv6, "no IPv6 here");
        await using var app = await IngestionApp.StartAsync(new() { ["Endpoints:Address"] = address });

        var answer = await app.PostAsync("/v1/users", """{"users":[{"user_id":"u"}]}""");
        await app.Grpc.PublishEventAsync(new PublishEventRequest { Event = new UserEvent { UserId = "u", Kind = EventKind.Search, Query = "q" } }, cancellationToken: Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("Endpoints:Http", "70000", "Http")]
    [InlineData("Endpoints:Address", "nowhere", "Endpoints:Address 'nowhere'")]
    [InlineData("Calls:MaxMessageBytes", "12", "MaxMessageBytes")]
    [InlineData("Ingestion:Events:MaxInFlight", "0", "MaxInFlight")]
    [InlineData("Ingestion:Catalog:MaxBatch", "0", "MaxBatch")]
    public async Task Start_BadSetting_StopsTheProcessAndNamesIt(string key, string value, string named)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var app = await IngestionApp.StartAsync(new() { [key] = value });
        });

        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Redis:ConnectionString", ",")]
    [InlineData("Redis:RetryDelay", "00:00:30")]
    public async Task Start_BadSettingOfTheStateStore_StopsTheProcessAndNamesIt(string key, string value)
    {
        var builder = Builder();
        builder.Configuration[key] = value;
        builder.AddServiceDefaults("one");
        builder.Services.AddStateStore();
        await using var app = builder.Build();

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(Cancel));

        Assert.Contains(key, fault.Message, StringComparison.Ordinal);
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
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Endpoints:Http"] = "0", ["Endpoints:Grpc"] = "0", ["Streaming:BootstrapServers"] = "127.0.0.1:1" });
        return builder;
    }

    private static HttpClient Http(WebApplication app) => new() { BaseAddress = app.Services.GetRequiredService<ServiceAddresses>().Http };
}
