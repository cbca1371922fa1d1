using Strata.Ranking.Slates;

namespace Strata.Benchmarks.Exploration;

/// <summary>A way to explore.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Exploration">Probability that a place explores.</param>
/// <param name="Slates">How a layer is drawn, whose best candidate is taken, as Ranking does it; null: any candidate is taken.</param>
internal sealed record Arm(string Name, double Exploration, SlateOptions? Slates)
{
    /// <summary>What is compared.</summary>
    public static IReadOnlyList<Arm> All { get; } =
    [
        new("none", 0, new SlateOptions()),
        new("the user's layers (default)", 0.1, new SlateOptions()),
        new("best by score in them", 0.1, new SlateOptions { Curiosity = 0 }),
        new("and 8 others, floor .3", 0.1, new SlateOptions { NewLayers = 8, Floor = 0.3 }),
        new("and 8 others, evenly", 0.1, new SlateOptions { NewLayers = 8, Floor = 1 }),
        new("any candidate", 0.1, null),
    ];
}

/// <summary>What came of one arm in one simulation.</summary>
/// <param name="Clicks">Items opened a hundred slates.</param>
/// <param name="LateClicks">The same over the last half of the slates: what was learned by then is in it.</param>
/// <param name="Discoveries">True interests of which the shopper touched an item for the first time, by opening it in a slate, a hundred
/// slates.</param>
/// <param name="Tried">Places given to items with fewer than three events, a hundred slates.</param>
/// <param name="Ideal">Share of the clicks that are to be expected of the best slate from the same candidates, by the simulation's own
/// chances.</param>
/// <param name="Layers">Different layers in a slate of ten.</param>
internal readonly record struct ArmOutcome(double Clicks, double LateClicks, double Discoveries, double Tried, double Ideal, double Layers);
