using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Client.Tests;

/// <summary>What becomes of events when a sender is flushed or disposed, and of its faults.</summary>
[Trait("height", "unit")]
public sealed class EventSenderEndTests
{
    private readonly WatchedTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dispose_SendsWhatIsInWithoutLingering()
    {
        var ingestion = new ScriptedIngestion();
        var sender = Sender(ingestion);
        var sent = await sender.EnqueueAsync(Click("ann", "1"), Cancel);

        await sender.DisposeAsync();

        Assert.True((await sent).IsAccepted);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await sender.EnqueueAsync(Click("ann", "2"), Cancel));
    }

    [Fact]
    public async Task Dispose_WithoutAnAnswerInTime_TellsWhatIsLeft()
    {
        var told = new List<EventResult>();
        var ingestion = new ScriptedIngestion(_ => new TaskCompletionSource<PublishBatchResponse>().Task);
        var sender = Sender(ingestion, options => (options.MaxBatch, options.OnFailed) = (1, told.Add));
        var under = await sender.EnqueueAsync(Click("ann", "1"), Cancel);
        await ingestion.CallAsync();
        var behind = await sender.EnqueueAsync(Click("ann", "2"), Cancel);

        var disposed = sender.DisposeAsync();
        Assert.Equal(new EventSenderOptions().DisposeTimeout, await _time.PassAsync());
        await disposed;

        Assert.Equal((StatusCode.Cancelled, StatusCode.Cancelled), ((await under).Code, (await behind).Code));
        Assert.Equal(["1", "2"], told.Select(result => result.Event.EventId).Order());
        Assert.Contains("may count", (await under).Message, StringComparison.Ordinal);
        Assert.Contains("before the event could be sent", (await behind).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_WaitsForTheAnswersOfWhatIsIn()
    {
        var ingestion = new ScriptedIngestion();
        await using var sender = Sender(ingestion);
        var sent = await sender.EnqueueAsync(Click("ann", "1"), Cancel);

        await sender.FlushAsync(Cancel);

        Assert.True(sent.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task OnFailed_ThatThrows_EndsNothingAndIsToldAtTheEnd()
    {
        var ingestion = new ScriptedIngestion(_ => ScriptedIngestion.Fail(StatusCode.PermissionDenied));
        var sender = Sender(ingestion, options => (options.Linger, options.OnFailed) = (TimeSpan.Zero, _ => throw new IOException("full")));
        await sender.SendAsync(Click("ann", "1"), Cancel);

        Assert.True((await sender.SendAsync(Click("ann", "2"), Cancel)).IsAccepted);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(async () => await sender.DisposeAsync());
        Assert.Contains("full", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Option_OutOfItsRange_IsNamed()
        => Assert.Contains(
            nameof(EventSenderOptions.MaxBatch),
            Assert.Throws<ArgumentOutOfRangeException>(() => Sender(new ScriptedIngestion(), options => options.MaxBatch = 1_001)).Message,
            StringComparison.Ordinal);

    private EventSender Sender(ScriptedIngestion ingestion, Action<EventSenderOptions>? set = null) => ingestion.Sender(_time, set);

    private static UserEvent Click(string user, string id) => ScriptedIngestion.Click(user, id);
}
