using System.Net;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.Options;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Ingestion.Tests.Hosting;

[Trait("height", "harness")]
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

        var client = new Grpc.Health.V1.Health.HealthClient(app.Channel);
        var answer = await client.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancel);

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
        var search = new UserEvent { UserId = "someone", Kind = EventKind.Search, Query = "q" };
        await app.Grpc.PublishEventAsync(new PublishEventRequest { Event = search }, cancellationToken: Cancel);
        await app.PostAsync("/v1/events", """{"kind":"EVENT_KIND_CLICK"}""");
        await app.PostAsync("/v1/items", """{"items":[{"item_id":"a"}]}""");

        var metrics = await app.Http.GetStringAsync("/metrics", Cancel);

        // Meters of one name are collected together, whichever host of this process made them: other tests may count along.
        Assert.Matches("""strata_ingestion_accepted_total\{[^}]*kind="search"[^}]*\} [1-9]""", metrics);
        Assert.Matches("""strata_ingestion_rejected_total\{[^}]*kind="click",reason="event.user_id"[^}]*\} [1-9]""", metrics);
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
        await using var app = await IngestionApp.StartAsync(new()
        {
            ["Endpoints:Address"] = address,
            ["Endpoints:PlainText"] = "true",
            ["Access:Anonymous"] = "true",
        });

        var answer = await app.PostAsync("/v1/users", """{"users":[{"user_id":"u"}]}""");
        var search = new UserEvent { UserId = "u", Kind = EventKind.Search, Query = "q" };
        await app.Grpc.PublishEventAsync(new PublishEventRequest { Event = search }, cancellationToken: Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
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
}
