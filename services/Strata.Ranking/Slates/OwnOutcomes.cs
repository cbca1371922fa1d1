using Strata.Contracts.State.V1;
using Strata.RankingModel;

namespace Strata.Ranking.Slates;

/// <summary>What a user did with what they were shown of a layer, as of a request.</summary>
/// <param name="Clicks">Decayed items chosen.</param>
/// <param name="Shown">Decayed items shown, weighted by how likely their position is looked at.</param>
/// <param name="Evidence">What it says of liking (<see cref="LayerLiking"/>).</param>
internal readonly record struct OwnOutcomes(double Clicks, double Shown, double Evidence)
{
    /// <summary>Outcomes in a layer; nothing where there are none.</summary>
    /// <param name="policy">What the store has of the user.</param>
    /// <param name="layerId">The layer.</param>
    /// <param name="decay">What is left of it at the time of the request.</param>
    public static OwnOutcomes In(UserPolicy? policy, uint layerId, double decay)
    {
        var at = policy?.LayerIds.IndexOf(layerId) ?? -1;
        if (at < 0 || at >= policy!.Clicks.Count || at >= policy.Shown.Count)
        {
            return default;
        }

        var (clicks, shown) = (policy.Clicks[at], policy.Shown[at]);
        var told = policy.EvidenceLayerIds.IndexOf(layerId);
        var evidence = told >= 0 && told < policy.Evidence.Count ? policy.Evidence[told] : LayerLiking.OfCounts(clicks, shown);
        return new OwnOutcomes(clicks * decay, shown * decay, evidence * decay);
    }
}
