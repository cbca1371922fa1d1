using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Browse.Core;

/// <summary>A user's row of the layer matrix, as it is shown and exported. Pure.</summary>
public static class LayerRows
{
    /// <summary>
    /// The layers that a slate asked for now would be placed by, most probable first: their probabilities sum to 1 without what lies in no
    /// layer (where all lies there, they are 0). Behind them those that the user muted, with the probability 0.
    /// </summary>
    /// <param name="ranked">A request with scored candidates.</param>
    /// <param name="user">The user's weights and outcomes.</param>
    /// <param name="policy">What all users do.</param>
    /// <param name="options">Settings.</param>
    public static IEnumerable<LayerProbability> Of(RankingRequest ranked, UserState user, RankingPolicy policy, SlateOptions options)
    {
        ArgumentNullException.ThrowIfNull(ranked);
        LayerProbability[] layers =
            [.. LayerDistribution.For(ranked, user, policy, options).Layers.Where(layer => layer.LayerId > 0)];
        var sum = layers.Sum(layer => layer.Probability);
        var muted = ranked.Controls.Muted.Select(slot => new LayerProbability(slot, ranked.View.Layers.IdOf(slot), 0, 0, 0));
        return layers.Select(layer => layer with { Probability = sum > 0 ? layer.Probability / sum : 0 }).Concat(muted);
    }
}
