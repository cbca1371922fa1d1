namespace Strata.Ranking.Candidates;

/// <summary>Proposes items for a request. Has no state of its own.</summary>
public interface ICandidateSource
{
    /// <summary>The source's index in <see cref="Numerics.Scoring.SourceSchema"/>.</summary>
    int Index { get; }

    /// <summary>Offers the best of its allowed items to <paramref name="best"/>.</summary>
    void Propose(CandidateSet request, TopList best);
}
