namespace Strata.Evaluator.Streams;

/// <summary>
/// Which events of a stream are tested: positives from the end of the warm-up on, in the variants without repeats only the user's first of
/// an item; of these a uniform sample.
/// </summary>
internal sealed class TestPlan
{
    private TestPlan(int[] events, int eligible, int from, Variant variant, int seed)
    {
        Events = events;
        Eligible = eligible;
        From = from;
        Variant = variant;
        Seed = seed;
    }

    /// <summary>Tested events, ascending.</summary>
    public int[] Events { get; }

    /// <summary>Events that could have been tested.</summary>
    public int Eligible { get; }

    /// <summary>First event after the warm-up.</summary>
    public int From { get; }

    /// <summary>Variant of the protocol.</summary>
    public Variant Variant { get; }

    /// <summary>Seed of every chance.</summary>
    public int Seed { get; }

    /// <summary>Items that the user had compete.</summary>
    public bool Repeats => Variant == Variant.WithRepeats;

    /// <summary>Draws the plan.</summary>
    public static TestPlan Of(ReplayStream stream, ReplayOptions options)
    {
        var from = stream.Count / 4;
        if (options.From is { } time)
        {
            from = Array.FindIndex(stream.Time, t => t >= time.ToUnixTimeMilliseconds());
            from = from < 0 ? stream.Count : from;
        }

        var eligible = new List<int>();
        for (var i = from; i < stream.Count; i++)
        {
            if (IsPositive(stream, i, options.Variant))
            {
                eligible.Add(i);
            }
        }

        var events = eligible.ToArray();
        if (options.Scored > 0 && options.Scored < events.Length)
        {
            new Random(options.Seed).Shuffle(events);
            events = events[..options.Scored];
            Array.Sort(events);
        }

        return new TestPlan(events, eligible.Count, from, options.Variant, options.Seed);
    }

    /// <summary>The event is a choice that a request can be tested on, and learned from.</summary>
    public static bool IsPositive(ReplayStream stream, int index, Variant variant)
        => stream.Tested[index] && (variant == Variant.WithRepeats || stream.First[index]);
}
