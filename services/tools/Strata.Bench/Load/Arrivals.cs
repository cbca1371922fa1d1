namespace Strata.Bench.Load;

/// <summary>
/// When requests are meant to be sent. With a rate they are due whether earlier ones were answered or not, and what is late counts from
/// when it was due: a system that stalls does not stop the clock of those who wait. Without one each is due when it is its turn.
/// </summary>
internal sealed class Arrivals(double rate, TimeSpan time, TimeProvider clock)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly long _started = clock.GetTimestamp();
    private long _number = -1;

    /// <summary>
    /// Waits until the next request is due; the timestamp at which it was, or null when the time is up. Any number of callers.
    /// </summary>
    public async ValueTask<long?> NextAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetTimestamp();
        if (rate <= 0)
        {
            return clock.GetElapsedTime(_started, now) < time ? now : null;
        }

        var due = _started + (long)Math.Round(Interlocked.Increment(ref _number) * clock.TimestampFrequency / rate);
        if (clock.GetElapsedTime(_started, due) >= time)
        {
            return null;
        }

        if (clock.GetElapsedTime(now, due) is var left && left >= Shortest)
        {
            await Task.Delay(left, clock, cancellationToken);
        }

        return due;
    }
}
