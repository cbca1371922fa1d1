using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Scoring.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Explanations;

/// <summary>An item's score and what it is made of.</summary>
public sealed class Explanation
{
    private readonly double[] _values;

    /// <param name="values">What each feature of the schema adds, and behind them fatigue where there is any.</param>
    internal Explanation(double[] values)
    {
        _values = values;
        foreach (var value in values)
        {
            Score += value;
        }
    }

    /// <summary>Sum of the contributions, added up in their order.</summary>
    public double Score { get; }

    /// <summary>What each feature adds, in the order of the schema, and behind them fatigue where there is any.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>All contributions, in the order of <see cref="Values"/>.</summary>
    public IEnumerable<Contribution> Contributions => _values.Select((_, feature) => ContributionOf(feature));

    /// <summary>What fatigue takes away; 0: nothing.</summary>
    public double Tired => _values.Length > FeatureSchema.Count ? _values[FeatureSchema.Count] : 0;

    /// <summary>The largest in absolute value, largest first, of equals the first; none that is 0.</summary>
    public IEnumerable<Contribution> Largest(int most)
    {
        var told = new List<int>(most);
        for (var feature = 0; feature < _values.Length; feature++)
        {
            var at = told.Count;
            while (at > 0 && Math.Abs(_values[told[at - 1]]) < Math.Abs(_values[feature]))
            {
                at--;
            }

            if (_values[feature] != 0 && at < most)
            {
                told.RemoveRange(Math.Min(most - 1, told.Count), told.Count == most ? 1 : 0);
                told.Insert(at, feature);
            }
        }

        return told.Select(ContributionOf);
    }

    private Contribution ContributionOf(int part)
        => new() { Feature = part < FeatureSchema.Count ? FeatureSchema.Names[part] : Fatigue.Name, Value = _values[part] };
}
