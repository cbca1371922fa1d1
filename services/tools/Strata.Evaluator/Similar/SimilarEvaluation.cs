using Strata.Contracts.Ranking.V1;
using Strata.Evaluator.Baselines;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Measures;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Streams;
using Strata.Evaluator.Texts;

namespace Strata.Evaluator.Similar;

/// <summary>
/// Replays a shop basket by basket and asks, before a basket is learned, what is like an item of it: by the code that serves Similar, by
/// co-visits tuned on the tests (item-knn), by the cosine of baskets, and by popularity.
/// </summary>
internal sealed class SimilarEvaluation(IEvaluationProgress progress, string cacheFolder)
{
    /// <summary>Length of the lists.</summary>
    public const int Depth = 20;

    /// <summary>What should be found.</summary>
    public static readonly string[] Judged = ["next basket", "same basket"];

    private const string Against = "item-knn";
    private const int Resamples = 1000;
    private static readonly Likeness[] Ways = [Likeness.Behaviour, Likeness.Text, Likeness.Both];

    public async Task<SimilarReport> RunAsync(
        string eventsPath, string itemsPath, ReplayOptions options, CancellationToken cancellationToken)
    {
        var stream = ReplayStream.Of(DatasetItems.Read(itemsPath), DatasetEvent.Read(eventsPath), options);
        using var texts = new TextFeatures(cacheFolder);
        var features = await texts.DescribeAsync(stream.Items, progress.Begin("texts", stream.Items.Length, "texts"), cancellationToken);
        var queries = await QueryFeatures.DescribeAsync(
            texts, stream.Queries.Values, count => progress.Begin("queries", count, "texts"), cancellationToken);
        var plan = SimilarPlan.Of(stream, options);
        var state = new StrataState(stream, new StrataSetup(), features, queries);
        var lists = await Task.Run(
            () => Replay(stream, plan, state, progress.Begin("similar", stream.Count, "events"), cancellationToken), cancellationToken);
        return new SimilarReport
        {
            Events = Path.GetFileName(eventsPath),
            Items = Path.GetFileName(itemsPath),
            EventCount = stream.Count,
            ItemCount = stream.Items.Length,
            UserCount = stream.Users.Length,
            Eligible = plan.Eligible,
            Scored = plan.Tests.Length,
            Seed = options.Seed,
            Judged = [.. Enumerable.Range(0, Judged.Length).Select(wanted => Judge(stream, plan, lists, wanted, options.Seed))],
        };
    }

    /// <summary>The lists of each method, a test after the other.</summary>
    internal static IReadOnlyList<MethodLists> Replay(
        ReplayStream stream, SimilarPlan plan, StrataState state, Action<int> tell, CancellationToken cancellationToken)
    {
        var served = Ways.Select(way => (Way: way, Lists: new MethodLists($"similar-{way.ToString().ToLowerInvariant()}", ""))).ToArray();
        var cosine = (Of: new BasketCosine(stream.Items.Length), Lists: new MethodLists("basket-cosine", ""));
        var simple = new[]
        {
            new SimpleMethod(new ItemKnn(stream.Items.Length, stream.Count > 0 ? stream.Time[0] : 0, [1]), stream),
            new SimpleMethod(new Popularity(stream.Items.Length), stream),
        };
        for (var (start, test) = (0, 0); start < stream.Count; start = stream.BasketEnd(start))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = stream.BasketEnd(start);
            state.Advance(stream.Time[start]);
            for (; test < plan.Tests.Length && plan.Tests[test].Event < end; test++)
            {
                var (item, time) = (stream.Item[plan.Tests[test].Event], stream.Time[start]);
                foreach (var (way, found) in served)
                {
                    found.Add(state.Similar(item, way, Depth, time));
                }

                cosine.Lists.Add(cosine.Of.Find(item, stream.AliveAt(time), Depth));
                Array.ForEach(simple, method => method.Ask(item, time));
            }

            for (var i = start; i < end; i++)
            {
                state.Absorb(i);
                Array.ForEach(simple, method => method.Learn(i));
            }

            cosine.Of.Learn(SimilarPlan.ItemsOf(stream, start));
            tell(end);
        }

        return [.. served.Select(way => way.Lists), cosine.Lists, .. simple.SelectMany(method => method.Lists)];
    }

    private static SimilarJudgement Judge(
        ReplayStream stream, SimilarPlan plan, IReadOnlyList<MethodLists> lists, int wanted, int seed)
    {
        int[] tests = [.. Enumerable.Range(0, plan.Tests.Length).Where(test => plan.Tests[test].Wanted[wanted].Length > 0)];
        var bootstrap = new Bootstrap([.. tests.Select(test => stream.User[plan.Tests[test].Event])], Resamples, seed);
        var judged = lists
            .Select(method => (
                Method: method,
                Found: tests.Select(test => method.Of(test).Intersect(plan.Tests[test].Wanted[wanted]).Count()).ToArray()))
            .GroupBy(method => method.Method.Name)
            .Select(settings => settings.MaxBy(setting => setting.Found.Count(found => found > 0)))
            .ToList();
        var against = judged.Single(method => method.Method.Name == Against);
        return new SimilarJudgement(Judged[wanted], tests.Length, Against, [.. judged.Select(method =>
        {
            var (own, less) = (
                bootstrap.Of(test => Hit(method.Found[test])),
                bootstrap.Of(test => Hit(method.Found[test]) - Hit(against.Found[test])));
            var hr20 = Mean(method.Found.Select(Hit));
            return new SimilarLine(
                method.Method.Name,
                method.Method.Setting,
                hr20,
                own.Low,
                own.High,
                Mean(method.Found.Select((found, test) => found / (double)Math.Min(Depth, plan.Tests[tests[test]].Wanted[wanted].Length))),
                hr20 - Mean(against.Found.Select(Hit)),
                less.Low,
                less.High);
        })]);
    }

    private static double Hit(int found) => found > 0 ? 1 : 0;

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(0).Average();
}
