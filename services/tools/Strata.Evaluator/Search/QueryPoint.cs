using Strata.Contracts.Common.V1;
using Strata.Evaluator.Replays;

namespace Strata.Evaluator.Search;

/// <summary>Where a search's interest point lies, as the Featurizer sends it.</summary>
internal static class QueryPoint
{
    /// <summary>What a query is taken as; null when it gives no point.</summary>
    public static Vector? Of(QueryFeatures known, string query) => known.Vectors[query];
}
