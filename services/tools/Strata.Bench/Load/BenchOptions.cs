namespace Strata.Bench.Load;

/// <summary>What is measured.</summary>
[Flags]
internal enum BenchModes
{
    /// <summary>Nothing is sent: what the system costs by being there.</summary>
    Idle = 0,

    /// <summary>Events by the stream, to their acknowledgement and on until profiles and weights hold them.</summary>
    Publish = 1,

    /// <summary>Slates for users that have profiles.</summary>
    Recommend = 2,

    /// <summary>Slates while events come in.</summary>
    Both = Publish | Recommend,
}

/// <summary>What is sent, how fast and for how long.</summary>
internal sealed record BenchOptions
{
    public required BenchModes Mode { get; init; }

    public int Items { get; init; } = 10_000;

    /// <summary>Catalogue and histories are there from a run before: neither is put.</summary>
    public bool Keeps { get; init; }

    /// <summary>Different texts among the items' titles: fewer than items, so that encoding them is not what is waited for.</summary>
    public int Titles { get; init; } = 2_000;

    public int Users { get; init; } = 10_000;

    /// <summary>Events of each user before anything is measured, so that profiles are real.</summary>
    public int History { get; init; } = 5;

    /// <summary>Share of the events that are searches.</summary>
    public double Searches { get; init; } = .1;

    /// <summary>Exponent of Zipf's law for items within a shelf.</summary>
    public double Zipf { get; init; } = 1;

    /// <summary>Events a second, whether answers come or not; 0: as fast as they are answered.</summary>
    public double Rate { get; init; }

    /// <summary>Slates a second, whether answers come or not; 0: <see cref="Callers"/> ask one after the other.</summary>
    public double Slates { get; init; }

    public int Callers { get; init; } = 16;

    /// <summary>Items of a slate.</summary>
    public int Count { get; init; } = 20;

    /// <summary>Streams that send events; those of one user go by the same one.</summary>
    public int Streams { get; init; } = 4;

    /// <summary>Events of a call of PublishBatch; 0: they go by the stream.</summary>
    public int Batch { get; init; }

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is left out of a long measurement's growth: caches and windows fill, code is compiled a second time.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromMinutes(2);

    public int Seed { get; init; } = 1;
}
