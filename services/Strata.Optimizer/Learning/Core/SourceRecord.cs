using Google.Protobuf.Collections;
using Strata.Contracts.Policy.V1;

namespace Strata.Optimizer.Learning.Core;

/// <summary>
/// How often each candidate source has an organic positive among its first 20, decayed by the number of positives: what Ranking ranks by
/// while the weights say nothing yet.
/// </summary>
public sealed class SourceRecord
{
    /// <summary>How far down a source's list a positive counts as its hit.</summary>
    public const int Depth = 20;

    private readonly double _keep;
    private double[] _hits = [];
    private double _trials;

    /// <summary>Makes an empty record; <paramref name="halfLife"/> is a number of positives.</summary>
    public SourceRecord(double halfLife)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfLife);
        _keep = double.Exp2(-1 / halfLife);
    }

    /// <summary>
    /// Counts one positive by its rank in each source's list, −1 where it was absent. Sources are only ever added at the end of a schema.
    /// </summary>
    public void Count(RepeatedField<int> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        if (ranks.Count == 0)
        {
            return;
        }

        if (ranks.Count > _hits.Length)
        {
            Array.Resize(ref _hits, ranks.Count);
        }

        for (var s = 0; s < _hits.Length; s++)
        {
            _hits[s] = (_hits[s] * _keep) + (s < ranks.Count && ranks[s] is >= 0 and < Depth ? 1 : 0);
        }

        _trials = (_trials * _keep) + 1;
    }

    public void WriteTo(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy.SourceHits.Clear();
        policy.SourceHits.AddRange(_hits);
        policy.SourceTrials = _trials;
    }

    public static SourceRecord From(Policy policy, double halfLife)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new SourceRecord(halfLife) { _hits = [.. policy.SourceHits], _trials = policy.SourceTrials };
    }
}
