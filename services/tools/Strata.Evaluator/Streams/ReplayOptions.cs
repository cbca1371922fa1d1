namespace Strata.Evaluator.Streams;

/// <summary>Which of the three variants of the protocol is replayed.</summary>
internal enum Variant
{
    /// <summary>Each line is learned as soon as it was tested.</summary>
    ByEvent,

    /// <summary>Nothing of a basket (one user, one time) is learned before its last line was tested.</summary>
    ByBasket,

    /// <summary>By event, and items that the user had before compete and are tested.</summary>
    WithRepeats,
}

/// <summary>How a data set is replayed and tested.</summary>
internal sealed record ReplayOptions
{
    /// <summary>Variant of the protocol.</summary>
    public Variant Variant { get; init; }

    /// <summary>Tests begin here; null: after the first quarter of the events.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Events from here on are left out; null: none are.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Uniform sample of the test events; 0: all of them.</summary>
    public int Scored { get; init; }

    /// <summary>Seed of every chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Types that are learned from and never tested.</summary>
    public IReadOnlyList<string> NotScored { get; init; } = ["ask", "view"];

    /// <summary>Types whose time is a date; null: those of which every line lies at midnight.</summary>
    public IReadOnlyList<string>? DateOnly { get; init; }
}
