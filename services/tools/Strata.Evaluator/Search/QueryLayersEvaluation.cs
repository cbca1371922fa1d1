using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Texts;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Items.Core;
using Strata.Numerics;

namespace Strata.Evaluator.Search;

/// <summary>
/// Does a search land in the layer of the items that answer it? Seeds the layers from all items, streams clicks on items and judged queries
/// through them as the services do, and then looks where the queries and their answers (E and S) lie.
/// </summary>
internal sealed class QueryLayersEvaluation(IEvaluationProgress progress, string cacheFolder)
{
    private const int Users = 1_000;

    /// <summary>A layer of fewer items is no part of the catalogue.</summary>
    private const int LeastItems = 3;

    /// <summary>Gain of a substitute: what answers a query is at least that good.</summary>
    private const double LeastGain = .1;

    /// <summary>An event a second.</summary>
    private const long BetweenEventsMs = 1_000;

    /// <summary>Runs a stream for each share of searches.</summary>
    /// <param name="itemsPath">Items, as for ranking.</param>
    /// <param name="judgmentsPath">CSV query,item,esci.</param>
    /// <param name="searches">Shares of searches among the events, 0 to 1.</param>
    /// <param name="events">Events of each stream.</param>
    /// <param name="seed">Seed of who does what.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<QueryLayersReport> RunAsync(
        string itemsPath,
        string judgmentsPath,
        IReadOnlyList<double> searches,
        int events,
        int seed,
        CancellationToken cancellationToken)
    {
        var items = DatasetItems.Read(itemsPath);
        using var texts = new TextFeatures(cacheFolder);
        var vectors = await texts.PassagesAsync(
            [.. items.Select(item => ItemText.ForEncoder(item, texts.EncodedLength))],
            progress.Begin("texts", items.Count, "texts"),
            cancellationToken);
        var rows = Enumerable.Range(0, items.Count).ToDictionary(i => items[i].ItemId, StringComparer.Ordinal);
        var judged = Judgment.Read(judgmentsPath).Where(judgment => judgment.Gain >= LeastGain && rows.ContainsKey(judgment.Item))
            .GroupBy(judgment => judgment.Query, judgment => rows[judgment.Item], StringComparer.Ordinal)
            .ToList();
        var queries = await QueryFeatures.DescribeAsync(
            texts, judged.Select(query => query.Key), total => progress.Begin("queries", total, "texts"), cancellationToken);
        var answering = new QueryPoints(queries, new AnswersOptions());
        for (var i = 0; i < vectors.Length; i++)
        {
            answering.Put(items[i].ItemId, vectors[i]);
        }

        Vector?[] points = [.. judged.Select(query => answering.Of(query.Key)?.Point)];
        int[][] answers = [.. judged.Select(query => query.Distinct().ToArray())];
        var found = await Task.WhenAll(searches.Select(share =>
        {
            var tell = progress.Begin($"{share:P0} searches", events, "events");
            return Task.Run(
                () => Look(Stream(texts.Encoder, vectors, points, share, events, seed, tell), share, vectors, points, answers),
                cancellationToken);
        }));
        return new QueryLayersReport
        {
            Items = Path.GetFileName(itemsPath),
            ItemCount = items.Count,
            QueryCount = judged.Count,
            AnswerCount = answers.Sum(items => items.Length),
            Events = events,
            Seed = seed,
            Searches = found,
        };
    }

    /// <summary>
    /// Share of the queries' answers that lie in the query's own layer, and the most that would if each query had the best layer for it.
    /// </summary>
    /// <param name="itemLayers">Layer of each item.</param>
    /// <param name="queryLayers">Layer of each query; -1: none.</param>
    /// <param name="answers">Items that answer each query.</param>
    public static (double Own, double Most) Shares(int[] itemLayers, int[] queryLayers, int[][] answers)
    {
        var (own, most, all) = (0, 0, 0);
        for (var query = 0; query < answers.Length; query++)
        {
            all += answers[query].Length;
            own += answers[query].Count(item => itemLayers[item] == queryLayers[query]);
            most += answers[query].CountBy(item => itemLayers[item]).Max(layer => layer.Value);
        }

        return all == 0 ? (0, 0) : ((double)own / all, (double)most / all);
    }

    private static LayerSet Stream(
        string encoder,
        Vector[] items,
        Vector?[] queries,
        double share,
        int events,
        int seed,
        Action<int> tell)
    {
        var setup = new StrataSetup();
        var follower = new LayerFollower(setup, encoder, Users, static _ => { });
        for (var i = 0; i < items.Length; i++)
        {
            follower.Put($"{i:D9}", ToRaw(items[i]));
        }

        follower.SeedIfDue();
        var random = new Random(seed);
        for (var e = 0; e < events; e++)
        {
            var kind = random.NextDouble() < share ? EventKind.Search : EventKind.Click;
            var point = kind == EventKind.Search ? queries[random.Next(queries.Length)] : items[random.Next(items.Length)];
            var user = random.Next(Users);
            if (point is not null)
            {
                follower.Add(user, e, e * BetweenEventsMs, setup.Profiles.Weights.Of(kind), ToRaw(point), userOnly: false, itemId: null);
            }

            tell(e + 1);
        }

        return follower.Set!;
    }

    private static QueryLayersRow Look(LayerSet set, double share, Vector[] items, Vector?[] queries, int[][] answers)
    {
        var (itemLayers, queryLayers) = (Nearest(set, items), Nearest(set, queries));
        var sizes = itemLayers.CountBy(layer => layer).ToDictionary();
        var (own, most) = Shares(itemLayers, queryLayers, answers);
        var lost = (double)queryLayers.Count(layer => sizes.GetValueOrDefault(layer) < LeastItems) / queryLayers.Length;
        return new QueryLayersRow(share, set.Count, own, most, lost);
    }

    private static int[] Nearest(LayerSet set, Vector?[] vectors)
    {
        var assigner = new Assigner(set);
        var point = new float[set.Dimensions];
        var nearest = new Nearest[1];
        return Array.ConvertAll(vectors, vector =>
        {
            if (vector is null || !ToRaw(vector).TryCentre(set.Mean.Span, point))
            {
                return -1;
            }

            assigner.Assign(point, nearest);
            return nearest[0].First;
        });
    }

    private static Int8Vector ToRaw(Vector vector) => new(vector.Codes.Memory, vector.Scale);
}

/// <summary>What <c>evaluate queries</c> found.</summary>
internal sealed record QueryLayersReport
{
    public required string Items { get; init; }

    public required int ItemCount { get; init; }

    public required int QueryCount { get; init; }

    /// <summary>Judged answers of all queries together.</summary>
    public required int AnswerCount { get; init; }

    /// <summary>Events of each stream.</summary>
    public required int Events { get; init; }

    public required int Seed { get; init; }

    /// <summary>By share of searches.</summary>
    public required IReadOnlyList<QueryLayersRow> Searches { get; init; }
}

/// <summary>One stream. Shares lie from 0 to 1.</summary>
/// <param name="Share">Share of searches among the events.</param>
/// <param name="Layers">Layers at its end.</param>
/// <param name="Own">Share of the judged answers that lie in the query's own layer.</param>
/// <param name="Most">The same if every query lay in the layer that is best for it.</param>
/// <param name="Lost">Share of the queries that lie in a layer to which fewer than three items are nearest, or in none.</param>
internal sealed record QueryLayersRow(double Share, int Layers, double Own, double Most, double Lost);
