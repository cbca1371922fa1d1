using Strata.Contracts.Catalog.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Texts;
using Strata.Ranking.Scoring.Core;

namespace Strata.Evaluator.Search;

/// <summary>
/// Ranks all items for judged queries by words (BM25 of the titles), by meaning (cosines of titles and texts) and by both as the source
/// "search" does, and takes the slate of a new user who sends the query: NDCG@10.
/// </summary>
internal sealed class SearchEvaluation(IEvaluationProgress progress, string cacheFolder)
{
    private const int Depth = SearchedShop.Depth;

    /// <summary>Runs it.</summary>
    /// <param name="itemsPath">Items, as for ranking.</param>
    /// <param name="judgmentsPath">CSV query,item,esci.</param>
    /// <param name="learnedPath">A data set whose events the policy of "slate-learned" learned; null: there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SearchReport> RunAsync(
        string itemsPath,
        string judgmentsPath,
        string? learnedPath,
        CancellationToken cancellationToken)
    {
        var items = DatasetItems.Read(itemsPath);
        var judged = Judgment.Read(judgmentsPath).GroupBy(judgment => judgment.Query, StringComparer.Ordinal).ToList();
        var learned = learnedPath is null
            ? null
            : await new PolicyOfEvents(progress, cacheFolder).LearnAsync(Dataset.Open(learnedPath, 0), cancellationToken);
        var found = await JudgeAsync(items, judged, learned, cancellationToken);
        return new SearchReport
        {
            Items = Path.GetFileName(itemsPath),
            ItemCount = items.Count,
            QueryCount = judged.Count,
            Methods = [.. found.Select(method => new SearchMethod(method.Name, method.Ndcg.Average()))],
        };
    }

    /// <summary>NDCG@10 of each query, by method.</summary>
    public async Task<IReadOnlyList<(string Name, double[] Ndcg)>> JudgeAsync(
        IReadOnlyList<Item> items,
        IReadOnlyList<IGrouping<string, Judgment>> judged,
        RankingPolicy? learned,
        CancellationToken cancellationToken)
    {
        using var texts = new TextFeatures(cacheFolder);
        var words = new WordIndex([.. items.Select(item => texts.Terms.Extract(item.Title))]);
        var titles = await texts.PassagesAsync(
            [.. items.Select(item => item.Title)],
            progress.Begin("titles", items.Count, "texts"),
            cancellationToken);
        var bodies = await texts.DescribeAsync(items, progress.Begin("texts", items.Count, "texts"), cancellationToken);
        var queries = await QueryFeatures.DescribeAsync(
            texts, judged.Select(query => query.Key), count => progress.Begin("queries", count, "texts"), cancellationToken);
        var titleSpace = new MeaningIndex(titles, queries.Plain);
        var bodySpace = new MeaningIndex([.. bodies.Select(item => item.Embedding)], queries.Plain);
        var shop = new SearchedShop(items, bodies, queries, 2 * judged.Count);
        List<(string Name, Func<string, IReadOnlyList<int>> Rank)> methods =
        [
            ("words", query => Best(words.Score(texts.Terms.Extract(query)))),
            ("meaning", query => Best(Sum(titleSpace.Score(queries.Vectors[query]), bodySpace.Score(queries.Vectors[query])))),
            ("both", query => Best(shop.Scores(query))),
            ("slate", query => shop.Slate(query, RankingPolicy.Shipped)),
        ];
        if (learned is not null)
        {
            methods.Add(("slate-learned", query => shop.Slate(query, learned)));
        }

        return [.. methods.Select(method => (method.Name, judged.Select(query => Ndcg(items, method.Rank(query.Key), query)).ToArray()))];
    }

    /// <summary>NDCG@10 of items in their order.</summary>
    public static double Ndcg(IReadOnlyList<Item> items, IReadOnlyList<int> best, IEnumerable<Judgment> judgments)
    {
        var gains = judgments.ToDictionary(judgment => judgment.Item, judgment => judgment.Gain, StringComparer.Ordinal);
        var gained = best.Select((item, position) => gains.GetValueOrDefault(items[item].ItemId) / double.Log2(position + 2)).Sum();
        var ideal = gains.Values.OrderDescending().Take(Depth).Select((gain, position) => gain / double.Log2(position + 2)).Sum();
        return ideal > 0 ? gained / ideal : 0;
    }

    /// <summary>The best items by score; ties in the order of the file.</summary>
    public static IReadOnlyList<int> Best(double[] scores)
        => [.. Enumerable.Range(0, scores.Length).OrderByDescending(item => scores[item]).Take(Depth)];

    private static double[] Sum(double[] a, double[] b)
    {
        var (x, y) = (ZScores(a), ZScores(b));
        return [.. x.Zip(y, (first, second) => first + second)];
    }

    private static double[] ZScores(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return [.. values.Select(value => deviation > 0 ? (value - mean) / deviation : 0)];
    }
}

/// <summary>What <c>evaluate search</c> found.</summary>
internal sealed record SearchReport
{
    public required string Items { get; init; }

    public required int ItemCount { get; init; }

    public required int QueryCount { get; init; }

    public required IReadOnlyList<SearchMethod> Methods { get; init; }
}

/// <summary>NDCG@10 of a way to search.</summary>
internal sealed record SearchMethod(string Name, double Ndcg10);
