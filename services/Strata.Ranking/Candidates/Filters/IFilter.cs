using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Candidates.Filters;

/// <summary>Keeps items off the slate, whatever source proposes them. Has no state of its own.</summary>
public interface IFilter
{
    /// <summary>Name in traces and metrics.</summary>
    string Name { get; }

    /// <summary>
    /// Marks all that the request may not recommend, before any source looks, so that no source spends its list on what falls.
    /// </summary>
    void Mark(RankingRequest request, Removals removals);
}
