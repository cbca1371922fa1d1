using System.Threading.Channels;

namespace Strata.Client;

/// <summary>
/// Gathers events into batches, in the order they came. One that waits to be tried again holds back later ones of the same user, and nobody
/// else's.
/// </summary>
internal sealed class EventQueue(EventSenderOptions options, TimeProvider time)
{
    private const int MostBytes = 1 << 20;

    /// <summary>New events; null: what came before it goes now.</summary>
    private readonly Channel<PendingEvent?> _arriving =
        Channel.CreateUnbounded<PendingEvent?>(new UnboundedChannelOptions { SingleReader = true });

    private List<PendingEvent> _waiting = [];
    private Task<bool>? _more;
    private bool _hurry;

    /// <summary>Puts an event in. False: the queue was closed.</summary>
    public bool TryAdd(PendingEvent pending) => _arriving.Writer.TryWrite(pending);

    /// <summary>What is in goes without lingering.</summary>
    public void Hurry() => _arriving.Writer.TryWrite(null);

    /// <summary>Takes no more; what is in goes without lingering.</summary>
    public void Close() => _arriving.Writer.TryComplete();

    /// <summary>Takes back what is to be tried again, before all that came later.</summary>
    public void Return(IEnumerable<PendingEvent> again) => _waiting = [.. again, .. _waiting];

    /// <summary>The next batch; empty: the queue is closed, and nothing is left.</summary>
    public async Task<List<PendingEvent>> NextAsync(CancellationToken cancellationToken)
    {
        var batch = new Batch(options.MaxBatch);
        var closed = false;
        while (true)
        {
            var held = TakeWaiting(batch);
            while (!batch.IsFull && _arriving.Reader.TryRead(out var pending))
            {
                Take(pending, batch, held);
            }

            var left = options.Linger - (batch.Started is { } started ? time.GetElapsedTime(started) : TimeSpan.Zero);
            if (batch.IsFull || (batch.Started is not null && (closed || _hurry || left <= TimeSpan.Zero)))
            {
                _hurry &= batch.IsFull;
                return batch.Events;
            }

            _hurry = false;
            if (closed && _waiting.Count == 0)
            {
                return batch.Events;
            }

            closed = await WaitAsync(batch.Started is null ? UntilDue() : left, closed, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Those whose time has come, unless an earlier one of the same user waits on. The users who wait on.</summary>
    private HashSet<string> TakeWaiting(Batch batch)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        if (_waiting.Count == 0)
        {
            return held;
        }

        var (now, waiting) = (time.GetTimestamp(), _waiting);
        _waiting = [];
        foreach (var pending in waiting)
        {
            if (batch.IsFull || pending.Due > now || held.Contains(pending.Event.UserId))
            {
                held.Add(pending.Event.UserId);
                _waiting.Add(pending);
            }
            else
            {
                batch.Add(pending, now);
            }
        }

        return held;
    }

    private void Take(PendingEvent? pending, Batch batch, HashSet<string> held)
    {
        if (pending is null)
        {
            _hurry = true;
        }
        else if (held.Contains(pending.Event.UserId))
        {
            _waiting.Add(pending);
        }
        else
        {
            batch.Add(pending, time.GetTimestamp());
        }
    }

    /// <summary>Until the first of those that wait may go; null: none waits. Others wait because one of these does.</summary>
    private TimeSpan? UntilDue()
    {
        var now = time.GetTimestamp();
        var due = _waiting.Where(pending => pending.Due > now).Select(pending => pending.Due).DefaultIfEmpty(now).Min();
        return _waiting.Count == 0
            ? null
            : TimeSpan.FromSeconds((double)(due - now) / time.TimestampFrequency) + TimeSpan.FromMilliseconds(1);
    }

    /// <summary>Until something came or the time is over. True: nothing comes any more.</summary>
    private async Task<bool> WaitAsync(TimeSpan? limit, bool closed, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var over = time.DelayAsync(limit ?? Timeout.InfiniteTimeSpan, stop.Token);
        if (closed)
        {
            await over.ConfigureAwait(false);
            return true;
        }

        _more ??= _arriving.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        var first = await Task.WhenAny(_more, over).ConfigureAwait(false);
        stop.Cancel();
        if (first == over)
        {
            await over.ConfigureAwait(false);
            return false;
        }

        var more = await _more.ConfigureAwait(false);
        _more = null;
        return !more;
    }

    private sealed class Batch(int most)
    {
        private int _bytes;

        public List<PendingEvent> Events { get; } = [];

        /// <summary>When its first event was put in.</summary>
        public long? Started { get; private set; }

        public bool IsFull => Events.Count >= most || _bytes >= MostBytes;

        public void Add(PendingEvent pending, long now)
        {
            Started ??= now;
            _bytes += pending.Size;
            Events.Add(pending);
        }
    }
}
