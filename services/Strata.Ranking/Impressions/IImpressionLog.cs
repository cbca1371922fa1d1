using Strata.Contracts.Ranking.V1;

namespace Strata.Ranking.Impressions;

/// <summary>Takes what was served.</summary>
public interface IImpressionLog
{
    /// <summary>Impressions say what was told of their items, and what made their scores.</summary>
    bool Explained { get; }

    /// <summary>Takes an impression over. Never blocks and never throws: a request does not wait for its record.</summary>
    void Log(Impression impression);
}
