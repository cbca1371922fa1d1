using System.Collections.Immutable;
using Strata.Contracts.Policy.V1;

namespace Strata.Ranking.Scoring.Core;

/// <summary>The policy in force as it was published, and the versions kept beside it.</summary>
public sealed class PolicyVersions
{
    private volatile ImmutableSortedDictionary<int, Policy> _kept = ImmutableSortedDictionary<int, Policy>.Empty;
    private volatile Policy? _inForce;

    /// <summary>What slates are ranked with; null: nothing was published.</summary>
    public Policy? InForce
    {
        get => _inForce;
        set => _inForce = value;
    }

    /// <summary>All that is known, newest first.</summary>
    public IReadOnlyList<Policy> All()
    {
        var inForce = _inForce;
        var kept = _kept.Values.Where(policy => policy.Version != inForce?.Version);
        return [.. (inForce is null ? kept : kept.Append(inForce)).OrderByDescending(policy => policy.Version)];
    }

    /// <summary>What lies in a place; null: nothing does.</summary>
    public void Keep(int place, Policy? policy) => _kept = policy is null ? _kept.Remove(place) : _kept.SetItem(place, policy);
}
