using System.Net;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Streaming.Publishing;

namespace Strata.Ingestion.Tests.Events;

[Trait("height", "harness")]
public sealed class PublishBatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishBatch_SomeRefused_AnswersEachInItsPlace()
    {
        await using var app = await IngestionApp.StartAsync();
        app.Publisher.Acknowledge = (_, key, _) => key == "away"
            ? throw new PublishException("timed out") { Transient = true }
            : Task.CompletedTask;
        var request = new PublishBatchRequest { Events = { Search("good"), Search(string.Empty), Search("away"), Search("again") } };

        var answer = await app.Grpc.PublishBatchAsync(request, cancellationToken: Cancel);

        Assert.Equal(
            [
                (0UL, 0, string.Empty),
                (1UL, (int)StatusCode.InvalidArgument, "event.user_id"),
                (2UL, (int)StatusCode.Unavailable, string.Empty),
                (3UL, 0, string.Empty),
            ],
            answer.Results.Select(result => (result.Index, result.Rejected?.Code ?? 0, result.Rejected?.Field ?? string.Empty)));
        Assert.All([answer.Results[0], answer.Results[3]], result => Assert.NotEmpty(result.Accepted.AsOf));
        Assert.Equal(["good", "again"], app.Publisher.Of<UserEvent>(Topics.Events).Select(e => e.UserId));
    }

    [Fact]
    public async Task PublishBatch_NoneAcknowledgedYet_AllAreUnderWay()
    {
        const int Count = 1000;
        await using var app = await IngestionApp.StartAsync();
        var underWay = new CountdownEvent(Count);
        var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Publisher.Acknowledge = (_, _, _) =>
        {
            underWay.Signal();
            return acknowledged.Task;
        };
        var request = new PublishBatchRequest { Events = { Enumerable.Range(0, Count).Select(i => Search($"u{i}")) } };

        var call = app.Grpc.PublishBatchAsync(request, cancellationToken: Cancel).ResponseAsync;
        await Task.Run(() => underWay.Wait(Cancel), Cancel);
        Assert.False(call.IsCompleted);
        acknowledged.SetResult();
        var answer = await call;

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"e-u{i}"), answer.Results.Select(result => result.Accepted.EventId));
    }

    [Fact]
    public async Task PublishBatch_OneNotAcknowledgedInTime_AnswersTheOthers()
    {
        await using var app = await IngestionApp.StartAsync();
        app.Publisher.Acknowledge = (_, key, _) => key == "late" ? Task.Delay(Timeout.Infinite, Cancel) : Task.CompletedTask;
        var request = new PublishBatchRequest { Events = { Search("good"), Search("late") } };

        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(15);
        var answer = await app.Grpc.PublishBatchAsync(request, deadline: deadline, cancellationToken: Cancel);

        Assert.Equal("e-good", answer.Results[0].Accepted.EventId);
        Assert.Equal((int)StatusCode.Unavailable, answer.Results[1].Rejected.Code);
    }

    [Theory]
    [InlineData("""{"events":[]}""")]
    [InlineData("""{"events":[{"userId":"a","kind":"SEARCH","query":"x"},{"userId":"b","kind":"SEARCH","query":"y"}]}""")]
    public async Task PublishBatch_NoneOrTooMany_IsRefusedAsAWhole(string body)
    {
        await using var app = await IngestionApp.StartAsync(new() { ["Ingestion:Events:MaxBatch"] = "1" });

        var answer = await app.PostAsync("/v1/events/batch", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["events"], answer.Fields);
        Assert.Empty(app.Publisher.Messages);
    }

    private static UserEvent Search(string user)
        => new() { EventId = $"e-{user}", UserId = user, Kind = EventKind.Search, Query = "a tent" };
}
