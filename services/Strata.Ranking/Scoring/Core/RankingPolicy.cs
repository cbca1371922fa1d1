using Strata.Contracts.Policy.V1;
using Strata.RankingModel;

namespace Strata.Ranking.Scoring.Core;

/// <summary>A version of strata.policy.v1, ready to score with. Immutable.</summary>
public sealed class RankingPolicy
{
    // Impressions that the prior's click rate weighs as much as.
    private const double PriorShown = 100;

    private readonly Dictionary<uint, Policy.Types.LayerRate> _layers = [];

    private RankingPolicy(Policy policy, Prior prior)
    {
        Version = policy.Version;
        Clicks = policy.Clicks + (prior.Clicks / prior.Shown * PriorShown);
        Shown = policy.Shown + PriorShown;
        Rates = LikingRates.Of(
            prior.Clicks / prior.Shown,
            policy.LikedShown > 0 ? (policy.Clicks, policy.Shown) : default,
            (policy.LikedClicks, policy.LikedShown));
        Cohorts = new CohortLifts(policy);
        foreach (var layer in policy.Layers)
        {
            _layers[layer.LayerId] = layer;
        }
    }

    /// <summary>Nothing was learned yet: the prior decides.</summary>
    public static RankingPolicy Shipped { get; } = From(new Policy());

    /// <summary>Version; 0: none.</summary>
    public ulong Version { get; }

    /// <summary>The weights: those learned, or the prior's while there are none or they are of another schema.</summary>
    public required LinearModel Model { get; init; }

    /// <summary>What users with an attribute in common choose.</summary>
    public CohortLifts Cohorts { get; }

    /// <summary>Decayed clicks over all layers, and the prior's.</summary>
    public double Clicks { get; }

    /// <summary>Decayed impressions over all layers, and the prior's; more than 0.</summary>
    public double Shown { get; }

    /// <summary>Click rates over all layers, of users who like the layer shown and of others.</summary>
    public LikingRates Rates { get; }

    /// <summary>The policy as it was published, over a prior; null: the one that Strata ships.</summary>
    public static RankingPolicy From(Policy policy, Prior? prior = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        prior ??= Prior.Shipped;
        return new RankingPolicy(policy, prior) { Model = ModelOf(policy, prior) };
    }

    /// <summary>Decayed clicks and impressions of a layer over all users.</summary>
    public (double Clicks, double Shown) OutcomesOf(uint layerId)
        => _layers.TryGetValue(layerId, out var rate) ? (rate.Clicks, rate.Shown) : (0, 0);

    /// <summary>Click rates of a layer, of users who like it and of others.</summary>
    public LikingRates RatesOf(uint layerId)
    {
        if (!_layers.TryGetValue(layerId, out var rate))
        {
            return Rates;
        }

        // A release before did not split what was clicked.
        var overall = Clicks / Shown;
        return rate.LikedShown > 0
            ? Rates.OfLayer((rate.Clicks, rate.Shown), (rate.LikedClicks, rate.LikedShown))
            : Rates.Times(LayerPolicy.ShrunkenRate(rate.Clicks, rate.Shown, overall, PriorShown) / overall);
    }

    // A release before may have published fewer contexts: those that it lacks are the prior's.
    private static LinearModel ModelOf(Policy policy, Prior prior)
    {
        var fits = policy.Schema == FeatureSchema.Version
            && policy.Weights.Count == FeatureSchema.Count
            && policy.Mean.Count == FeatureSchema.Count
            && policy.Variance.Count == FeatureSchema.Count
            && policy.ContextWeights.Count is > 0 and <= Contexts.Count
            && policy.ContextWeights.All(row => row.Values.Count == FeatureSchema.Count);
        if (!fits)
        {
            return prior.Model;
        }

        var contexts = Enumerable.Range(0, Contexts.Count).Select(context => context < policy.ContextWeights.Count
            ? [.. policy.ContextWeights[context].Values]
            : prior.Weights[context + 1]);
        return new LinearModel([.. policy.Mean], [.. policy.Variance], [.. policy.Weights], [.. contexts], policy.Steps);
    }
}
