using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Candidates.Sources;

/// <summary>Proposes items for a request. Has no state of its own.</summary>
public interface ICandidateSource
{
    /// <summary>The source's index in <c>SourceSchema</c>.</summary>
    int Index { get; }

    /// <summary>Offers the best of its allowed items to <paramref name="best"/>.</summary>
    void Propose(RankingRequest request, TopList best);
}
