using System.Diagnostics;
using Strata.Clustering.Layers;
using Strata.Contracts.Features.V1;
using Strata.Evaluator.Baselines;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Measures;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Streams;
using Strata.Evaluator.Texts;
using Strata.RankingModel;

namespace Strata.Evaluator.Replays;

/// <summary>Replays a data set through Strata, its ablations and the baselines, and reports them side by side.</summary>
/// <param name="progress">Hears how far it is.</param>
/// <param name="cacheFolder">Where vectors rest.</param>
internal sealed class RankingEvaluation(IEvaluationProgress progress, string cacheFolder)
{
    private const int Resamples = 1000;

    /// <param name="eventsPath">File of the events.</param>
    /// <param name="itemsPath">File of the items.</param>
    /// <param name="options">Protocol.</param>
    /// <param name="wants">Which methods by name; null: all.</param>
    /// <param name="setup">Settings of Strata; null: the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RankingReport> RunAsync(
        string eventsPath,
        string itemsPath,
        ReplayOptions options,
        Func<string, bool>? wants,
        StrataSetup? setup,
        CancellationToken cancellationToken)
    {
        // What is judged on a set begins with what was learned without it.
        var prior = PriorFile.Shipped.Prior(DatasetFile.HashOf(eventsPath));
        setup = (setup ?? new StrataSetup { Serves = true }) with { Prior = prior };
        wants ??= _ => true;
        var stream = ReplayStream.Of(DatasetItems.Read(itemsPath), DatasetEvent.Read(eventsPath), options);
        var plan = TestPlan.Of(stream, options);
        var (features, queries) = await DescribeAsync(stream, cancellationToken);
        var centred = CentredVectors.Of(features, new LayersOptions());
        var started = Stopwatch.GetTimestamp();
        var outcome = wants("strata") || wants("strata-served") || wants("strata-no-learner") || wants("sources")
            ? await ReplayAsync(stream, plan, setup, features, queries, cancellationToken)
            : null;
        var strataSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        List<Func<CancellationToken, Task<MethodRanks>>> jobs =
        [
            .. StrataSetup.Ablations
                .Where(ablation => wants(ablation.Name) && (ablation.Searches || stream.Queries.Count > 0)).Select(Ablated),
            .. BaselineList.All(stream, plan, centred.Vectors).Where(baseline => wants(baseline.Name)).Select(Compared),
        ];
        var results = new MethodRanks[jobs.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, jobs.Count),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            async (job, token) => results[job] = await jobs[job](token));
        MethodRanks[] ours = outcome is null
            ? []
            : [.. new[] { outcome.Learned, outcome.Served, outcome.Fused }.OfType<MethodRanks>().Where(method => wants(method.Name))];
        var report = Report(stream, plan, options, centred, [.. ours, .. results], outcome);
        using var process = Process.GetCurrentProcess();
        return report with
        {
            Events = Path.GetFileName(eventsPath),
            StrataSeconds = outcome is null ? null : strataSeconds,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            PeakBytes = process.PeakWorkingSet64,
        };

        Func<CancellationToken, Task<MethodRanks>> Ablated(StrataSetup ablation)
            => async token => (await ReplayAsync(stream, plan, ablation with { Prior = prior }, features, queries, token)).Learned;

        Func<CancellationToken, Task<MethodRanks>> Compared(BaselineList.Entry baseline)
            => token => Task.Run(() => Replay(stream, plan, baseline, token), token);
    }

    private async Task<(ItemFeatures[] Items, QueryFeatures Queries)> DescribeAsync(
        ReplayStream stream,
        CancellationToken cancellationToken)
    {
        using var texts = new TextFeatures(cacheFolder);
        var features = await texts.DescribeAsync(stream.Items, progress.Begin("texts", stream.Items.Length, "texts"), cancellationToken);
        return (
            features,
            await QueryFeatures.DescribeAsync(
                texts, stream.Queries.Values, count => progress.Begin("queries", count, "texts"), cancellationToken));
    }

    private Task<StrataOutcome> ReplayAsync(
        ReplayStream stream,
        TestPlan plan,
        StrataSetup setup,
        ItemFeatures[] features,
        QueryFeatures queries,
        CancellationToken cancellationToken)
        => new StrataReplay(stream, plan, setup, features, queries)
            .RunAsync(progress.Begin(setup.Name, stream.Count, "events"), cancellationToken);

    private MethodRanks Replay(ReplayStream stream, TestPlan plan, BaselineList.Entry baseline, CancellationToken cancellationToken)
    {
        var tell = progress.Begin(baseline.Name, 2 * stream.Count, "events");
        var (done, last) = (0, 0);
        return new BaselineReplay(stream, plan).Run(
            baseline.Make,
            index =>
            {
                done += index < last ? stream.Count : 0;
                last = index;
                tell(done + index + 1);
            },
            cancellationToken);
    }

    private static RankingReport Report(
        ReplayStream stream,
        TestPlan plan,
        ReplayOptions options,
        CentredVectors centred,
        MethodRanks[] methods,
        StrataOutcome? outcome)
    {
        var users = plan.Events.Select(index => stream.User[index]).ToArray();
        var bootstrap = new Bootstrap(users, Resamples, options.Seed);
        var slates = SlateMeasures.Of(stream, plan, centred.Vectors, centred.LayerOf, methods);
        var strata = Array.Find(methods, method => method.Name == "strata");
        var centroid = outcome is null ? 0 : Accuracy.Of(outcome.Sources[^1].Ranks).Hr20;
        return new RankingReport
        {
            Events = "",
            Variant = options.Variant switch { Variant.ByBasket => "basket", Variant.WithRepeats => "repeat", _ => "event" },
            EventCount = stream.Count,
            ItemCount = stream.Items.Length,
            UserCount = stream.Users.Length,
            UnknownItems = stream.Unknown,
            Eligible = plan.Eligible,
            Scored = plan.Events.Length,
            Seed = options.Seed,
            Methods = [.. methods.Select((method, m) => MethodLine.Of(method, m, stream, plan, bootstrap, slates, strata))],
            Sources = [.. (outcome?.Sources ?? []).Select(source => SourceLine(source.Name, Accuracy.Of(source.Ranks).Hr20, centroid))],
            Considered = outcome?.Considered,
            LayerVariation = outcome?.Served is null ? null : outcome.Variation.Mean,
            LayerVariationLeast = outcome?.Served is null ? null : outcome.Variation.Least,
            MicrosecondsPerEvent = outcome?.EventMicroseconds,
            BytesPerUser = outcome?.BytesPerUser,
            BytesPerItem = outcome?.BytesPerItem,
        };
    }

    private static SourceReport SourceLine(string name, double hr20, double centroid)
        => new(name, hr20, centroid > 0 ? hr20 / centroid : null);
}
