using Strata.Local.Sample;

namespace Strata.Local.Series;

/// <summary>How long the replay goes on, and what is unusual about it.</summary>
internal sealed record SeriesOptions
{
    /// <summary>Where figures of different runs are compared.</summary>
    private static readonly int[] Marks = [14_000, 50_000, 100_000, 200_000];

    /// <summary>Events within which layers are to have followed another catalogue.</summary>
    private const int Following = 2_000;

    /// <summary>At least what the shoppers need for a thousand events.</summary>
    private static readonly TimeSpan Thousand = TimeSpan.FromDays(3);

    /// <summary>The shoppers' own events.</summary>
    /// <value>Default 14,000: the sample.</value>
    public int Events { get; init; } = new SimulationOptions().Events!.Value;

    /// <summary>Share of searches among them.</summary>
    /// <value>Default: none, which is as the shoppers like it.</value>
    public double? Searches { get; init; }

    /// <summary>Clicks of one user on twenty items, at once, half way to the first mark.</summary>
    /// <value>Default 0.</value>
    public int HostileClicks { get; init; }

    /// <summary>Calls in which the catalogue arrives.</summary>
    /// <value>Default: none, a hundred items each.</value>
    public int? ArrivalCalls { get; init; }

    /// <summary>How long the producer of the catalogue rests between two calls.</summary>
    /// <value>Default: not at all.</value>
    public TimeSpan ArrivalPause { get; init; }

    /// <summary>Events after which the whole catalogue is replaced by items of other topics.</summary>
    /// <value>Default: none, all topics are there from the beginning; otherwise every other one at first.</value>
    public int? ReplaceAt { get; init; }

    /// <summary>When the simulator's clock starts: a longer stream starts earlier, so that none ends in the future.</summary>
    public DateTimeOffset Start => new SimulationOptions().Start - (Thousand * (Math.Max(0, Events - Marks[0]) / 1_000));

    /// <summary>Events after which the hostile user comes.</summary>
    public int HostileAt => Math.Min(Events, Marks[0]) / 2;

    /// <summary>Events after which is measured: those that all runs have, the end, and soon after the catalogue was replaced.</summary>
    public IReadOnlySet<int> Measured
        => new SortedSet<int>([.. Marks, Events, ReplaceAt + Following ?? Events]).GetViewBetween(0, Events);

    /// <summary>Events after which something happens, in their order.</summary>
    public IReadOnlyList<int> Stops
        => [.. new SortedSet<int>([.. Measured, .. HostileClicks > 0 ? [HostileAt] : (int[])[], ReplaceAt ?? Events])];
}
