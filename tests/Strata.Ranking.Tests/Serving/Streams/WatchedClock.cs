using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Strata.Ranking.Tests.Serving.Streams;

/// <summary>A clock that stands still, and tells of the timers that are set by it.</summary>
internal sealed class WatchedClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>Real time after which what does not come is a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until the next timer of this time is set; those before it are passed over.</summary>
    public async Task SetAsync(TimeSpan dueTime)
    {
        while (await _timers.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel) != dueTime)
        {
            // of something else
        }
    }
}
