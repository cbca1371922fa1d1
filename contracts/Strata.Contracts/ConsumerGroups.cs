namespace Strata.Contracts;

/// <summary>Consumer groups whose progress others ask for.</summary>
public static class ConsumerGroups
{
    /// <summary>Featurizer's on strata.items.v1: what it has read has its features on strata.item-features.v1.</summary>
    public const string ItemsGroup = "featurizer-items";
}
