namespace Strata.Local.Traffic;

/// <summary>How the simulated shoppers are let in.</summary>
internal sealed record TrafficOptions
{
    /// <summary>Events a second; 0: as fast as they are acknowledged.</summary>
    public double Rate { get; init; }

    /// <summary>Events before the first trial, while the services know next to nothing.</summary>
    /// <value>Default 3,500: a quarter of the sample.</value>
    public int WarmUp { get; init; } = 3_500;

    /// <summary>Events after which nothing is tried any more: hit rates are those of the sample, however long the stream goes on.</summary>
    /// <value>Default: none.</value>
    public int? LastTrial { get; init; }

    /// <summary>Every how many-th first touch is a trial.</summary>
    /// <value>Default 5.</value>
    public int TrialEvery { get; init; } = 5;

    /// <summary>Every how many-th act is followed by a slate that the shopper is shown and reacts to.</summary>
    /// <value>Default 40.</value>
    public int SlateEvery { get; init; } = 40;

    /// <summary>Length of every slate.</summary>
    /// <value>Default 10.</value>
    public uint SlateLength { get; init; } = 10;
}
