namespace Strata.Bench.Measuring;

/// <summary>Looks at processes every few seconds for as long as a measurement takes.</summary>
internal sealed class GrowthSampler(ProcessMeter meter, TimeSpan warmUp, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly List<(double Minute, string Process, ProcessMeter.Reading Reading)> _samples = [];

    /// <summary>Looks until the end is asked for.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Between, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var minute = (time.GetElapsedTime(started) - warmUp).TotalMinutes;
                _samples.AddRange(meter.Read().Select(reading => (minute, reading.Key, reading.Value)));
            }
        }
        catch (OperationCanceledException)
        {
            // That is its end.
        }
    }

    /// <summary>By process what grew; empty where it was not looked at for long enough.</summary>
    public IReadOnlyList<Growth> Found()
        =>
        [
            .. _samples.Where(sample => sample.Minute >= 0).GroupBy(sample => sample.Process, StringComparer.Ordinal)
                .SelectMany(samples => new[]
                {
                    Of(samples.Key, "MiB", samples, reading => reading.ResidentMiB),
                    Of(samples.Key, "handles", samples, reading => reading.Handles),
                    Of(samples.Key, "threads", samples, reading => reading.Threads),
                }).OfType<Growth>(),
        ];

    private static Growth? Of(
        string process,
        string what,
        IEnumerable<(double Minute, string Process, ProcessMeter.Reading Reading)> samples,
        Func<ProcessMeter.Reading, double> measure)
    {
        double[] minutes =
        [
            .. samples.GroupBy(sample => (int)sample.Minute).OrderBy(minute => minute.Key)
                .Select(minute => minute.Average(sample => measure(sample.Reading))),
        ];
        return minutes.Length >= Growth.LeastMinutes ? Growth.Of(process, what, minutes) : null;
    }
}
