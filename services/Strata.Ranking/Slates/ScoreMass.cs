using System.Numerics.Tensors;
using Strata.Contracts.Layers.V1;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Slates;

/// <summary>
/// The ranker's own forecast of the layer that is chosen next: the softmax over the candidates' scores is what the learner fits to choices,
/// and its sums by layer foretell layers better than any user's shares do.
/// </summary>
internal static class ScoreMass
{
    /// <summary>By slot, "no layer" last; sums to 1. A boosted layer's mass counts as many times as the boost says.</summary>
    public static double[] Of(RankingRequest request, double boostRate)
    {
        var mass = new double[request.View.Layers.Count + 1];
        var largest = double.NegativeInfinity;
        for (var candidate = 0; candidate < request.Count; candidate++)
        {
            largest = Math.Max(largest, request.ScoreOf(candidate));
        }

        for (var candidate = 0; candidate < request.Count; candidate++)
        {
            var slot = request.View.Assignment.SlotOf(request.Items[candidate]);
            var boost = request.Controls.Of(slot) == LayerAction.Boost ? boostRate : 1;
            mass[slot] += boost * Math.Exp(request.ScoreOf(candidate) - largest);
        }

        TensorPrimitives.Divide(mass, TensorPrimitives.Sum<double>(mass), mass);
        return mass;
    }
}
