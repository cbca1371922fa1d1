using System.Diagnostics;
using HdrHistogram;

namespace Strata.Bench.Measuring;

/// <summary>Counts answers and their times. Thread-safe.</summary>
internal sealed class Tally
{
    private const int Digits = 3;

    // In ticks of the stopwatch, up to ten minutes.
    private readonly LongConcurrentHistogram _times = new(1, Stopwatch.Frequency * 600, Digits);
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _done;
    private long _failed;
    private long _last;

    public long Done => Volatile.Read(ref _done);

    public long Failures => Volatile.Read(ref _failed);

    /// <summary>From the beginning to the last answer.</summary>
    public double Seconds => _last == 0 ? 0 : Stopwatch.GetElapsedTime(_started, _last).TotalSeconds;

    /// <summary>Null where nothing was timed.</summary>
    public Percentiles? Milliseconds
        => _times.TotalCount == 0
            ? null
            : new(At(50), At(90), At(99), At(99.9), Time(_times.GetMaxValue()));

    /// <summary>An answer to what was due at a timestamp.</summary>
    public void Answered(long due)
    {
        var now = Stopwatch.GetTimestamp();
        _times.RecordValue(Math.Clamp(now - due, 1, _times.HighestTrackableValue));
        Interlocked.Increment(ref _done);
        Volatile.Write(ref _last, now);
    }

    /// <summary>Answers that nobody times.</summary>
    public void Answered(int count)
    {
        Interlocked.Add(ref _done, count);
        Volatile.Write(ref _last, Stopwatch.GetTimestamp());
    }

    public void Failed() => Interlocked.Increment(ref _failed);

    /// <summary>What it has counted so far.</summary>
    public Phase ToPhase(string name) => new()
    {
        Name = name,
        Done = Done,
        Failed = Failures,
        Seconds = Seconds,
        Milliseconds = Milliseconds,
    };

    private static double Time(long ticks) => 1000.0 * ticks / Stopwatch.Frequency;

    private double At(double percentile) => Time(_times.GetValueAtPercentile(percentile));
}
