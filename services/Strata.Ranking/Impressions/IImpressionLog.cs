using Strata.Contracts.Ranking.V1;

namespace Strata.Ranking.Impressions;

/// <summary>Takes what was served.</summary>
public interface IImpressionLog
{
    /// <summary>Takes an impression over. Never blocks and never throws: a request does not wait for its record.</summary>
    void Log(Impression impression);
}
