using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Strata.Client;

/// <summary>Events without an answer yet, up to a capacity; each is told its result once.</summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore without a handle holds nothing; disposed, it would leave those who wait for a place waiting.")]
internal sealed class UnansweredEvents(int capacity, Action<EventResult>? onFailed)
{
    private readonly SemaphoreSlim _places = new(capacity, capacity);
    private readonly ConcurrentDictionary<PendingEvent, byte> _pending = new();

    /// <summary>All of them, in no order.</summary>
    public ICollection<PendingEvent> All => _pending.Keys;

    /// <summary>What whoever wants to know of failures threw first; null: nothing.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Adds one as soon as there is room.</summary>
    public async Task AddAsync(PendingEvent pending, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        _pending.TryAdd(pending, 0);
    }

    /// <summary>Tells an event its result, and who wants to know of failures.</summary>
    public void Settle(PendingEvent pending, EventResult result, bool tell = true)
    {
        if (!_pending.TryRemove(pending, out _))
        {
            return; // the end of the sender and the one who put it in met
        }

        _places.Release();
        pending.Settle(result);
        if (result.IsAccepted || !tell)
        {
            return;
        }

        try
        {
            onFailed?.Invoke(result);
        }
        catch (Exception fault)
        {
            Fault ??= fault;
        }
    }
}
