using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Slates;

namespace Strata.Evaluator.Measures;

/// <summary>
/// How far the layers of slates are from the probabilities that they were placed by: total variation, and the least that so many positions
/// and the candidates allow.
/// </summary>
internal sealed class LayerVariation
{
    private double _sum;
    private double _least;
    private int _slates;

    /// <summary>Mean total variation, 0 to 1; 0 without slates.</summary>
    public double Mean => _slates == 0 ? 0 : _sum / _slates;

    /// <summary>Mean of the least possible, 0 to 1.</summary>
    public double Least => _slates == 0 ? 0 : _least / _slates;

    /// <summary>Counts a slate; one that is not full, or of a time without layers, is left out.</summary>
    public void Add(RankingRequest request, LayerDistribution layers, IReadOnlyList<PlacedItem> slate)
    {
        if (slate.Count < MethodRanks.SlateLength || layers.Layers.Count == 0)
        {
            return;
        }

        var slots = request.View.Layers.Count + 1;
        var (probabilities, candidates, placed) = (new double[slots], new int[slots], new int[slots]);
        foreach (var layer in layers.Layers)
        {
            probabilities[layer.Slot] = layer.Probability;
        }

        foreach (var item in request.Items)
        {
            candidates[request.View.Assignment.SlotOf(item)]++;
        }

        foreach (var item in slate)
        {
            placed[item.Slot]++;
        }

        Add(probabilities, candidates, placed);
    }

    /// <summary>Counts a slate.</summary>
    /// <param name="probabilities">By slot, in sum 1.</param>
    /// <param name="candidates">How many candidates each slot has.</param>
    /// <param name="placed">How many positions each slot has; not all 0.</param>
    public void Add(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> candidates, ReadOnlySpan<int> placed)
    {
        var positions = 0;
        foreach (var count in placed)
        {
            positions += count;
        }

        _sum += Of(probabilities, placed, positions);
        _least += Of(probabilities, Nearest(probabilities, candidates, positions), positions);
        _slates++;
    }

    private static double Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> placed, int positions)
    {
        var sum = 0.0;
        for (var slot = 0; slot < placed.Length; slot++)
        {
            sum += Math.Abs(probabilities[slot] - ((double)placed[slot] / positions));
        }

        return sum / 2;
    }

    // One position after the other to the slot that has fewest of its share and a candidate left.
    private static int[] Nearest(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> candidates, int positions)
    {
        var placed = new int[candidates.Length];
        for (var position = 0; position < positions; position++)
        {
            var (best, owed) = (-1, double.NegativeInfinity);
            for (var slot = 0; slot < placed.Length; slot++)
            {
                var missing = (probabilities[slot] * positions) - placed[slot];
                if (placed[slot] < candidates[slot] && missing > owed)
                {
                    (best, owed) = (slot, missing);
                }
            }

            placed[best]++;
        }

        return placed;
    }
}
