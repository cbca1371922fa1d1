using System.Collections.Immutable;
using Strata.Contracts.Policy.V1;

namespace Strata.Ranking.Scoring.Core;

/// <summary>The policy in force as it was published, and the versions kept beside it.</summary>
public sealed class PolicyVersions
{
    private const int MostAnswers = 16;

    private volatile ImmutableSortedDictionary<int, Policy> _kept = ImmutableSortedDictionary<int, Policy>.Empty;
    private volatile Policy? _inForce;

    // Which version answered which order to go back, the newest last.
    private volatile ImmutableList<(string RollbackId, ulong Version)> _answers = [];

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

    /// <summary>Notes whose answer a published version is.</summary>
    public void Note(Policy published)
    {
        if (published.RollbackId.Length > 0)
        {
            var answers = _answers.Add((published.RollbackId, published.Version));
            _answers = answers.Count > MostAnswers ? answers.RemoveAt(0) : answers;
        }
    }

    /// <summary>The version that answered an order to go back; null: none has, as far as is known.</summary>
    public ulong? AnswerTo(string rollbackId)
        => _answers.FindLast(answer => answer.RollbackId == rollbackId) is { Version: > 0 and var version } ? version : null;

    /// <summary>What lies in a place; null: nothing does.</summary>
    public void Keep(int place, Policy? policy) => _kept = policy is null ? _kept.Remove(place) : _kept.SetItem(place, policy);
}
