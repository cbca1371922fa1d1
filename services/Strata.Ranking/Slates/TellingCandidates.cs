using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Ranking.Slates;

/// <summary>Which candidate teaches most when it is shown. An item gains by how little happened to it.</summary>
/// <param name="request">A request with candidates.</param>
/// <param name="order">The candidates, best first.</param>
/// <param name="slots">By candidate the slot of its layer.</param>
/// <param name="values">By candidate its value in the slate's order.</param>
/// <param name="curiosity">What a candidate gains to which nothing happened.</param>
/// <param name="layers">Which layers may be explored: those that have a probability.</param>
/// <param name="oneInterest">Layers are taken to be one.</param>
internal sealed class TellingCandidates(
    RankingRequest request, int[] order, int[] slots, double[] values, double curiosity, LayerDistribution layers, bool oneInterest)
{
    // What a candidate teaches, once it was asked; NaN before.
    private readonly double[] _taught = [.. Enumerable.Repeat(double.NaN, order.Length)];
    private readonly int[] _most = new int[request.View.Layers.Count + 1];

    /// <summary>By slot, −1 where nothing is left: the open candidate that teaches most. Until the next call.</summary>
    public int[] MostBySlot(Func<int, bool> isOpen)
    {
        Array.Fill(_most, -1);
        foreach (var candidate in order)
        {
            var best = _most[slots[candidate]];
            if (isOpen(candidate) && (best < 0 || Taught(candidate) > Taught(best)))
            {
                _most[slots[candidate]] = candidate;
            }
        }

        if (oneInterest && _most.Where(candidate => candidate >= 0 && layers.Of(slots[candidate]) > 0).ToArray() is { Length: > 1 } several)
        {
            // Of one interest there is one to draw: after a search, of its answers' layers.
            var most = several.MaxBy(Taught);
            Array.Fill(_most, -1);
            _most[slots[most]] = most;
        }

        return _most;
    }

    private double Taught(int candidate)
    {
        if (double.IsNaN(_taught[candidate]))
        {
            var events = Math.Exp(request.FeaturesOf(candidate)[FeatureSchema.PopularAll]) - 0.5;
            _taught[candidate] = values[candidate] + (curiosity / Math.Sqrt(1 + Math.Max(0, events)));
        }

        return _taught[candidate];
    }
}
