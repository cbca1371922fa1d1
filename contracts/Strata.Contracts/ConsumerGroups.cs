namespace Strata.Contracts;

/// <summary>Consumer groups whose progress others ask for or copy, or whose positions in the store they move.</summary>
public static class ConsumerGroups
{
    /// <summary>Featurizer's on strata.items.v1: what it has read has its features on strata.item-features.v1.</summary>
    public const string ItemsGroup = "featurizer-items";

    /// <summary>Featurizer's on strata.events.v1 and strata.users.v1: profiles.</summary>
    public const string ProfilesGroup = "featurizer-events";

    /// <summary>Clustering's on strata.interest-points.v1: users' weights.</summary>
    public const string PointsGroup = "clustering-points";

    /// <summary>Optimizer's on strata.impressions.v1 and strata.events.v1: users' counts by layer.</summary>
    public const string OutcomesGroup = "outcomes";

    /// <summary>Featurizer's on strata.activity-deltas.v1 and strata.item-features.v1: strata.item-activity.v1.</summary>
    public const string ActivityGroup = "activity-reducer";

    /// <summary>Clustering's on strata.layer-deltas.v1: strata.layers.v1.</summary>
    public const string LayersGroup = "layer-reducer";

    /// <summary>Ranking's on strata.events.v1: shadow slates for strata.training.v1.</summary>
    public const string ShadowGroup = "ranking-shadow";

    /// <summary>Optimizer's on strata.training.v1: strata.policy.v1.</summary>
    public const string LearnerGroup = "learner";
}
