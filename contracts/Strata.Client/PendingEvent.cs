using Strata.Contracts.Events.V1;

namespace Strata.Client;

/// <summary>An event without an answer yet.</summary>
internal sealed class PendingEvent(UserEvent sent, long since)
{
    private readonly TaskCompletionSource<EventResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public UserEvent Event { get; } = sent;

    public int Size { get; } = sent.CalculateSize();

    /// <summary>When it was put in, by the clock's timestamp.</summary>
    public long Since { get; } = since;

    /// <summary>Tries so far.</summary>
    public int Tries { get; set; }

    /// <summary>When it may be tried again, by the clock's timestamp; 0: now.</summary>
    public long Due { get; set; }

    public Task<EventResult> Result => _result.Task;

    public void Settle(EventResult result) => _result.SetResult(result);
}
