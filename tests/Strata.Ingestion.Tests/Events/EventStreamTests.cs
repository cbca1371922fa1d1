using System.Collections.Concurrent;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Streaming.Publishing;

namespace Strata.Ingestion.Tests.Events;

[Trait("height", "harness")]
public sealed class EventStreamTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishEvents_AcknowledgedBackwards_AnswersInOrder()
    {
        const int Count = 20;
        await using var app = await IngestionApp.StartAsync();
        var acknowledgements = new ConcurrentDictionary<string, TaskCompletionSource>();
        var all = new CountdownEvent(Count);
        app.Publisher.Acknowledge = (_, key, _) =>
        {
            var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            acknowledgements[key!] = acknowledged;
            all.Signal();
            return acknowledged.Task;
        };
        using var call = app.Grpc.PublishEvents(cancellationToken: Cancel);

        for (var i = 0; i < Count; i++)
        {
            await call.RequestStream.WriteAsync(Search($"u{i}"), Cancel);
        }

        await call.RequestStream.CompleteAsync();
        await Task.Run(() => all.Wait(Cancel), Cancel);
        for (var i = Count - 1; i >= 0; i--)
        {
            acknowledgements[$"u{i}"].SetResult();
        }

        var answers = await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (ulong)i), answers.Select(a => a.Index));
        Assert.All(answers, a => Assert.Equal(PublishEventsResponse.ResultOneofCase.Accepted, a.ResultCase));
        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => $"e-u{i}"),
            answers.Select(a => a.Accepted.EventId));
    }

    [Fact]
    public async Task PublishEvents_SomeRefused_GoesOn()
    {
        await using var app = await IngestionApp.StartAsync();
        app.Publisher.Acknowledge = (_, key, _) => key == "away"
            ? throw new PublishException("timed out") { Transient = true }
            : Task.CompletedTask;
        using var call = app.Grpc.PublishEvents(cancellationToken: Cancel);

        await call.RequestStream.WriteAsync(Search("good"), Cancel);
        await call.RequestStream.WriteAsync(Search(string.Empty), Cancel);
        await call.RequestStream.WriteAsync(
            new PublishEventRequest { Event = new UserEvent { UserId = "u", Kind = EventKind.Click, ItemId = "never put" } }, Cancel);
        await call.RequestStream.WriteAsync(Search("away"), Cancel);
        await call.RequestStream.WriteAsync(Search("good again"), Cancel);
        await call.RequestStream.CompleteAsync();

        var answers = await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);
        Assert.Equal(
            [
                (0UL, 0, string.Empty),
                (1UL, (int)StatusCode.InvalidArgument, "event.user_id"),
                (2UL, (int)StatusCode.FailedPrecondition, "event.item_id"),
                (3UL, (int)StatusCode.Unavailable, string.Empty),
                (4UL, 0, string.Empty),
            ],
            answers.Select(a => (a.Index, a.Rejected?.Code ?? 0, a.Rejected?.Field ?? string.Empty)));
        Assert.Contains("PutItems", answers[2].Rejected.Message, StringComparison.Ordinal);
        Assert.Equal(["good", "good again"], app.Publisher.Of<UserEvent>(Topics.Events).Select(e => e.UserId));
    }

    [Fact]
    public async Task PublishEvents_WindowFull_StopsReadingUntilAnswersAreOut()
    {
        const int Window = 4;
        const int Count = 50;
        await using var app = await IngestionApp.StartAsync(new() { ["Ingestion:Events:MaxInFlight"] = $"{Window}" });
        var (underWay, most) = (0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Publisher.Acknowledge = async (_, _, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref underWay));
            if (underWay >= Window)
            {
                full.TrySetResult();
            }

            await open.Task;
            Interlocked.Decrement(ref underWay);
        };
        using var call = app.Grpc.PublishEvents(cancellationToken: Cancel);

        var writing = WriteAllAsync(call, Count);
        await full.Task.WaitAsync(Cancel);
        open.SetResult();
        await writing;

        var answers = await call.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);
        Assert.Equal(Count, answers.Count);

        // The window, the answer being awaited, and the event that waits for a place.
        Assert.InRange(most, Window, Window + 2);
    }

    [Fact]
    public async Task PublishEvents_FaultNobodyForesaw_EndsTheStreamAsInternal()
    {
        await using var app = await IngestionApp.StartAsync();
        app.Publisher.Acknowledge = (_, _, _) => throw new InvalidOperationException("secret");
        using var call = app.Grpc.PublishEvents(cancellationToken: Cancel);

        await call.RequestStream.WriteAsync(Search("u"), Cancel);
        var fault = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancel));

        Assert.Equal(StatusCode.Internal, fault.StatusCode);
    }

    [Fact]
    public async Task PublishEvents_CallerGoesAway_LeavesTheProcessUp()
    {
        await using var app = await IngestionApp.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Publisher.Acknowledge = (_, key, _) =>
        {
            asked.TrySetResult();
            return key == "waits" ? new TaskCompletionSource().Task : Task.CompletedTask;
        };
        using (var call = app.Grpc.PublishEvents(cancellationToken: Cancel))
        {
            await call.RequestStream.WriteAsync(Search("waits"), Cancel);
            await asked.Task.WaitAsync(Cancel);
        }

        await app.Grpc.PublishEventAsync(Search("u"), cancellationToken: Cancel);

        Assert.Empty(app.Errors);
    }

    private static PublishEventRequest Search(string user)
        => new() { Event = new UserEvent { EventId = $"e-{user}", UserId = user, Kind = EventKind.Search, Query = "q" } };

    private static async Task WriteAllAsync(AsyncDuplexStreamingCall<PublishEventRequest, PublishEventsResponse> call, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await call.RequestStream.WriteAsync(Search($"u{i}"), Cancel);
        }

        await call.RequestStream.CompleteAsync();
    }
}
