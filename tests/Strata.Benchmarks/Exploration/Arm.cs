namespace Strata.Benchmarks.Exploration;

/// <summary>A way to explore.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Exploration">Probability that a place explores.</param>
/// <param name="ByLayers">It draws one of the user's layers and takes its best candidate, as Ranking does; else it takes any candidate.</param>
internal sealed record Arm(string Name, double Exploration, bool ByLayers)
{
    /// <summary>What is compared.</summary>
    public static IReadOnlyList<Arm> All { get; } =
    [
        new("none", 0, true),
        new("by layers, .05", 0.05, true),
        new("by layers, .1 (default)", 0.1, true),
        new("by layers, .3", 0.3, true),
        new("any candidate, .1", 0.1, false),
        new("any candidate, .3", 0.3, false),
    ];
}

/// <summary>What came of one arm in one simulation.</summary>
/// <param name="Clicks">Items opened a hundred slates.</param>
/// <param name="LateClicks">The same over the last half of the slates: what was learned by then is in it.</param>
/// <param name="Discoveries">True interests of which the shopper touched an item for the first time, by opening it in a slate, a hundred slates.</param>
/// <param name="Ideal">Share of the clicks that are to be expected of the best slate from the same candidates, by the simulation's own chances.</param>
/// <param name="Layers">Different layers in a slate of ten.</param>
internal readonly record struct ArmOutcome(double Clicks, double LateClicks, double Discoveries, double Ideal, double Layers);
