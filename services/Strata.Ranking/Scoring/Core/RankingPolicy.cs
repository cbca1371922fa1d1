using Strata.Contracts.Policy.V1;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Scoring.Core;

/// <summary>A version of strata.policy.v1, ready to score with. Immutable.</summary>
public sealed class RankingPolicy
{
    private readonly Dictionary<uint, Policy.Types.LayerRate> _layers = [];

    private RankingPolicy(Policy policy)
    {
        Version = policy.Version;
        Clicks = policy.Clicks;
        Shown = policy.Shown;
        foreach (var layer in policy.Layers)
        {
            _layers[layer.LayerId] = layer;
        }
    }

    /// <summary>Nothing was learned yet.</summary>
    public static RankingPolicy None { get; } = new(new Policy());

    /// <summary>Version; 0: none.</summary>
    public ulong Version { get; }

    /// <summary>The weights; null while they are of another schema or rest on too few steps.</summary>
    public LinearModel? Model { get; private init; }

    /// <summary>Sources by their decayed live HR@20, best first; empty while there is too little evidence.</summary>
    public IReadOnlyList<int> SourcesByHits { get; private init; } = [];

    /// <summary>Decayed clicks over all layers.</summary>
    public double Clicks { get; }

    /// <summary>Decayed impressions over all layers.</summary>
    public double Shown { get; }

    public static RankingPolicy From(Policy policy, ScoringOptions options)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        return new RankingPolicy(policy) { Model = ModelOf(policy, options), SourcesByHits = SourcesOf(policy, options) };
    }

    /// <summary>Decayed clicks and impressions of a layer over all users.</summary>
    public (double Clicks, double Shown) OutcomesOf(uint layerId)
        => _layers.TryGetValue(layerId, out var rate) ? (rate.Clicks, rate.Shown) : (0, 0);

    private static LinearModel? ModelOf(Policy policy, ScoringOptions options)
    {
        var fits = policy.Schema == FeatureSchema.Version
            && policy.Weights.Count == FeatureSchema.Count
            && policy.Mean.Count == FeatureSchema.Count
            && policy.Variance.Count == FeatureSchema.Count
            && policy.ContextWeights.Count == Contexts.Count
            && policy.ContextWeights.All(row => row.Values.Count == FeatureSchema.Count);
        var contexts = policy.ContextWeights.Select(row => row.Values.ToArray());
        return fits && policy.Steps >= (ulong)options.MinimumSteps
            ? new LinearModel([.. policy.Mean], [.. policy.Variance], [.. policy.Weights], [.. contexts], policy.Steps)
            : null;
    }

    private static int[] SourcesOf(Policy policy, ScoringOptions options)
        => policy.SourceTrials >= options.MinimumTrials
            && policy.SourceHits.Count <= SourceSchema.Count
            && policy.SourceHits.Any(hits => hits > 0)
            ? [.. Enumerable.Range(0, policy.SourceHits.Count).OrderByDescending(source => policy.SourceHits[source])]
            : [];
}
