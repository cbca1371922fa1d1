namespace Strata.Bench.Measuring;

/// <summary>Times of answers in milliseconds, from the moment at which each was meant to be asked.</summary>
internal sealed record Percentiles(double Median, double P90, double P99, double P999, double Max);

/// <summary>What one process took.</summary>
/// <param name="Name">Service, store, broker, or the generator.</param>
/// <param name="CpuSeconds">Of all its threads.</param>
/// <param name="MicrosecondsEach">Of CPU, for each event or slate; null where none were sent.</param>
/// <param name="CoreShare">CPU seconds a second.</param>
/// <param name="ResidentMiB">At the end.</param>
/// <param name="WrittenBytes">Handed to the file system.</param>
internal sealed record ProcessCost(
    string Name, double CpuSeconds, double? MicrosecondsEach, double CoreShare, double ResidentMiB, long WrittenBytes);

/// <summary>What one topic grew by.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Bytes">On disk.</param>
/// <param name="BytesEach">For each event; null where none were sent.</param>
internal sealed record TopicCost(string Topic, long Bytes, double? BytesEach);

/// <summary>How far consumers were behind, all partitions together.</summary>
internal sealed record Lag(double AtSeconds, long Records);

/// <summary>One measurement.</summary>
internal sealed record Phase
{
    public required string Name { get; init; }

    public required long Done { get; init; }

    public required long Failed { get; init; }

    /// <summary>From the first one sent to the last one answered.</summary>
    public required double Seconds { get; init; }

    public double Rate => Seconds > 0 ? Done / Seconds : 0;

    /// <summary>Null where nothing was asked.</summary>
    public Percentiles? Milliseconds { get; init; }

    /// <summary>From the first event sent until profiles and weights hold all; null where the brokers are not known.</summary>
    public double? HeldSeconds { get; init; }

    public double? HeldRate => HeldSeconds is > 0 ? Done / HeldSeconds : null;

    public IReadOnlyList<Lag> Lags { get; init; } = [];

    public IReadOnlyList<ProcessCost> Processes { get; init; } = [];

    public IReadOnlyList<TopicCost> Topics { get; init; } = [];

    /// <summary>What grew meanwhile; empty where it did not take long enough to say.</summary>
    public IReadOnlyList<Growth> Growth { get; init; } = [];
}
