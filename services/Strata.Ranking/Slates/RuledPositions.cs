using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Slates;

/// <summary>What the operators' rules of a request want of the positions that are left.</summary>
internal sealed class RuledPositions
{
    private readonly SlateRule[] _rules;

    // By rule, then by candidate: whether the rule speaks of it.
    private readonly bool[][] _speaks;

    // By rule: items that it speaks of and that are placed, or positions that it filled.
    private readonly int[] _placed;
    private bool _burying = true;

    /// <param name="request">A request with candidates.</param>
    public RuledPositions(RankingRequest request)
    {
        _rules = [.. request.Constraints.Rules ?? []];
        _placed = new int[_rules.Length];
        _speaks = new bool[_rules.Length][];
        for (var rule = 0; rule < _rules.Length; rule++)
        {
            _speaks[rule] = new bool[request.Count];
            for (var candidate = 0; candidate < request.Count; candidate++)
            {
                _speaks[rule][candidate] = _rules[rule].SpeaksOf(request.View, request.Items[candidate]);
            }
        }
    }

    /// <summary>Whether there are rules at all.</summary>
    public bool Any => _rules.Length > 0;

    /// <summary>Whether a cap keeps a candidate out, as it does from any position.</summary>
    public bool Caps(int candidate)
    {
        for (var rule = 0; rule < _rules.Length; rule++)
        {
            if (_rules[rule].Action == SlateRuleAction.Cap && _placed[rule] >= _rules[rule].Places && _speaks[rule][candidate])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a candidate is buried while others are left.</summary>
    public bool Buries(int candidate)
    {
        for (var rule = 0; _burying && rule < _rules.Length; rule++)
        {
            if (_rules[rule].Action == SlateRuleAction.Bury && _speaks[rule][candidate])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first rule that still pins and has something to pin, and which candidate; null: none has.</summary>
    /// <param name="best">The best of the open candidates that a rule speaks of; −1: there is none.</param>
    public (string Rule, int Candidate)? Pinned(Func<bool[], int> best)
    {
        for (var rule = 0; rule < _rules.Length; rule++)
        {
            if (_rules[rule].Action == SlateRuleAction.Pin && _placed[rule] < _rules[rule].Places
                && best(_speaks[rule]) is >= 0 and var candidate)
            {
                return (_rules[rule].Name, candidate);
            }
        }

        return null;
    }

    /// <summary>A candidate was placed.</summary>
    /// <param name="candidate">Which.</param>
    /// <param name="pin">The rule that pinned it; null: none did.</param>
    public void Place(int candidate, string? pin)
    {
        for (var rule = 0; rule < _rules.Length; rule++)
        {
            var counts = _rules[rule].Action == SlateRuleAction.Pin ? _rules[rule].Name == pin : _speaks[rule][candidate];
            _placed[rule] += counts ? 1 : 0;
        }
    }

    /// <summary>Nothing else is left: what is buried may come. False: it might already.</summary>
    public bool Release() => Any && _burying && !(_burying = false);
}
