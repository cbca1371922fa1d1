using System.Numerics.Tensors;
using Strata.Contracts.Catalog.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Texts;

namespace Strata.Evaluator.Search;

/// <summary>
/// Ranks all items for judged queries by words (BM25 over the Featurizer's terms), by meaning (the encoder's cosine) and by both (sum of
/// z-scores): NDCG@10.
/// </summary>
internal sealed class SearchEvaluation(IEvaluationProgress progress, string cacheFolder)
{
    private const int Depth = 10;

    /// <summary>Weight of the meaning's z-score beside that of the words.</summary>
    private const double MeaningWeight = 1.5;

    public async Task<SearchReport> RunAsync(string itemsPath, string judgmentsPath, CancellationToken cancellationToken)
    {
        var items = DatasetItems.Read(itemsPath);
        var judged = Judgment.Read(judgmentsPath).GroupBy(judgment => judgment.Query, StringComparer.Ordinal).ToList();
        using var texts = new TextFeatures(cacheFolder);
        var words = new WordIndex([.. items.Select(item => texts.Terms.Extract(item.Title))]);
        var titles = await texts.PassagesAsync(
            [.. items.Select(item => item.Title)],
            progress.Begin("titles", items.Count, "texts"),
            cancellationToken);
        var bodies = await texts.DescribeAsync(items, progress.Begin("texts", items.Count, "texts"), cancellationToken);
        var queries = await texts.QueriesAsync(
            [.. judged.Select(query => query.Key)],
            progress.Begin("queries", judged.Count, "texts"),
            cancellationToken);
        var titleSpace = new MeaningIndex(titles, queries);
        var bodySpace = new MeaningIndex([.. bodies.Select(item => item.Embedding)], queries);
        var (byWords, byMeaning, byBoth) = (new double[judged.Count], new double[judged.Count], new double[judged.Count]);
        for (var q = 0; q < judged.Count; q++)
        {
            var gains = judged[q].ToDictionary(judgment => judgment.Item, judgment => judgment.Gain, StringComparer.Ordinal);
            var wordScores = words.Score(texts.Terms.Extract(judged[q].Key));
            var meaning = Sum(ZScores(titleSpace.Score(q)), ZScores(bodySpace.Score(q)), 1);
            byWords[q] = Ndcg(items, wordScores, gains);
            byMeaning[q] = Ndcg(items, meaning, gains);
            byBoth[q] = Ndcg(items, Sum(ZScores(wordScores), ZScores(meaning), MeaningWeight), gains);
        }

        return new SearchReport
        {
            Items = Path.GetFileName(itemsPath),
            ItemCount = items.Count,
            QueryCount = judged.Count,
            Methods = [new("words", byWords.Average()), new("meaning", byMeaning.Average()), new("both", byBoth.Average())],
        };
    }

    /// <summary>NDCG@10 of a ranking of all items by score; ties in the order of the file.</summary>
    public static double Ndcg(IReadOnlyList<Item> items, ReadOnlySpan<double> scores, IReadOnlyDictionary<string, double> gains)
    {
        var order = Enumerable.Range(0, items.Count).ToArray();
        var negated = new double[order.Length];
        TensorPrimitives.Negate(scores, negated);
        var best = order.OrderBy(item => negated[item]).Take(Depth);
        var gained = best.Select((item, position) => gains.GetValueOrDefault(items[item].ItemId) / double.Log2(position + 2)).Sum();
        var ideal = gains.Values.OrderDescending().Take(Depth).Select((gain, position) => gain / double.Log2(position + 2)).Sum();
        return ideal > 0 ? gained / ideal : 0;
    }

    private static double[] ZScores(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return [.. values.Select(value => deviation > 0 ? (value - mean) / deviation : 0)];
    }

    private static double[] Sum(double[] a, double[] b, double weight) => [.. a.Zip(b, (x, y) => x + (weight * y))];
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
