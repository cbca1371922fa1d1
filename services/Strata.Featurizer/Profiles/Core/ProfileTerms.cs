using Strata.Contracts.Common.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>
/// What a user read and searched, as decayed term frequencies. The heaviest stay, heaviest first, equals in ordinal order of the term. They
/// are sums, so the order in which events arrive makes no difference while there is room; below zero, which is no interest, lie terms of
/// which more was dismissed.
/// </summary>
internal sealed class ProfileTerms(int most, TimeSpan halfLife)
{
    // A ten-thousandth of what one view of a text of a hundred words gives.
    private const float Negligible = 1e-7f;

    private readonly Dictionary<string, TermWeight> _byTerm = new(StringComparer.Ordinal);
    private readonly List<TermWeight> _sorted = [];

    /// <summary>Adds <paramref name="weight"/> · term frequency; a negative weight takes away.</summary>
    public void Add(Profile profile, IReadOnlyList<TermWeight> terms, float weight, long timeUnixMs)
    {
        if (terms.Count == 0 || weight == 0)
        {
            return;
        }

        Advance(profile, timeUnixMs);
        foreach (var known in profile.Terms)
        {
            _byTerm.Add(known.Term, known);
        }

        var late = Decay.Factor(profile.TermsAsOfUnixMs - timeUnixMs, halfLife);
        foreach (var term in terms)
        {
            if (!_byTerm.TryGetValue(term.Term, out var entry))
            {
                _byTerm.Add(term.Term, entry = new TermWeight { Term = term.Term });
            }

            entry.Weight = (float)(entry.Weight + (weight * late * term.Weight));
        }

        Keep(profile);
    }

    private void Advance(Profile profile, long timeUnixMs)
    {
        if (timeUnixMs <= profile.TermsAsOfUnixMs)
        {
            return;
        }

        var factor = Decay.Factor(timeUnixMs - profile.TermsAsOfUnixMs, halfLife);
        foreach (var term in profile.Terms)
        {
            term.Weight = (float)(term.Weight * factor);
        }

        profile.TermsAsOfUnixMs = timeUnixMs;
    }

    private void Keep(Profile profile)
    {
        foreach (var entry in _byTerm.Values)
        {
            if (Math.Abs(entry.Weight) > Negligible)
            {
                _sorted.Add(entry);
            }
        }

        _sorted.Sort(static (a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : string.CompareOrdinal(a.Term, b.Term));
        profile.Terms.Clear();
        for (var i = 0; i < _sorted.Count && i < most; i++)
        {
            profile.Terms.Add(_sorted[i]);
        }

        _byTerm.Clear();
        _sorted.Clear();
    }
}
