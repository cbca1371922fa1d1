using Strata.Contracts.Common.V1;
using Strata.Evaluator.Texts;

namespace Strata.Evaluator.Replays;

/// <summary>What is known of the queries of a stream.</summary>
internal sealed record QueryFeatures(
    IReadOnlyDictionary<string, Vector> Vectors,
    IReadOnlyDictionary<string, IReadOnlyList<TermWeight>> Terms)
{
    public static QueryFeatures None { get; } = new(new Dictionary<string, Vector>(), new Dictionary<string, IReadOnlyList<TermWeight>>());

    /// <summary>Vectors and terms of queries, each once.</summary>
    public static async Task<QueryFeatures> DescribeAsync(
        TextFeatures texts,
        IEnumerable<string> queries,
        Func<int, Action<int>> progress,
        CancellationToken cancellationToken)
    {
        string[] once = [.. queries.Distinct(StringComparer.Ordinal)];
        if (once.Length == 0)
        {
            return None;
        }

        var vectors = await texts.QueriesAsync(once, progress(once.Length), cancellationToken);
        return new QueryFeatures(
            once.Zip(vectors).ToDictionary(
                pair => pair.First,
                pair => pair.Second,
                StringComparer.Ordinal), once.ToDictionary(query => query, texts.TermsOf, StringComparer.Ordinal));
    }
}
