using Google.Protobuf;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Streams;
using Strata.Evaluator.Texts;
using Strata.Optimizer.LayerPolicy;
using Strata.Optimizer.Learning.Core;
using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Evaluator.Priors;

/// <summary>A data set to learn a prior from.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Events">Path of its events.</param>
/// <param name="Items">Path of its items.</param>
internal sealed record PriorSource(string Name, string Events, string Items);

/// <summary>
/// Learns the prior: replays each set from its first event, keeps a sample of its choices with the candidates of then, and learns all
/// sets' mixed; then again without each.
/// </summary>
/// <param name="progress">Hears how far it is.</param>
/// <param name="cacheFolder">Where vectors rest.</param>
internal sealed class PriorLearning(IEvaluationProgress progress, string cacheFolder)
{
    /// <summary>How many examples the prior weighs as much as, once shipped.</summary>
    private const double Strength = 100;

    // What the sets have nothing of: a logarithm of how much likelier a choice is weighs what it says. Mean, variance as in the sample's
    // simulation, the weight that makes one of it one of the score, and the curvature of a feature that tells as much as others.
    private const double RatioVariance = 0.1;
    private const double RatioCurvature = 0.3;

    // Slates as they would be shown.
    private const int SlateLength = 20;

    /// <param name="sources">The sets.</param>
    /// <param name="most">Examples of a set, at most.</param>
    /// <param name="seed">Seed of every chance.</param>
    /// <param name="command">What the file says made it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PriorFile> RunAsync(
        IReadOnlyList<PriorSource> sources,
        int most,
        int seed,
        string command,
        CancellationToken cancellationToken)
    {
        var examples = new List<(string Set, TrainingExample Example)>();
        var sets = new List<PriorSet>();
        foreach (var source in sources)
        {
            var own = await ExamplesOfAsync(source, most, seed, cancellationToken);
            examples.AddRange(own.Select(example => (source.Name, example)));
            sets.Add(new PriorSet(source.Name, DatasetFile.HashOf(source.Events), own.Count));
        }

        var order = examples.ToArray();
        new Random(seed).Shuffle(order);
        string[] left = ["", .. sources.Select(source => source.Name)];
        var models = left.Select(without => Learn(without, [.. order.Where(e => e.Set != without).Select(e => e.Example)]));
        return new PriorFile(command, FeatureSchema.Version, Strength, sets, [.. models]);
    }

    private async Task<List<TrainingExample>> ExamplesOfAsync(
        PriorSource source, int most, int seed, CancellationToken cancellationToken)
    {
        var options = new ReplayOptions { Seed = seed };
        var stream = ReplayStream.Of(DatasetItems.Read(source.Items), DatasetEvent.Read(source.Events), options);
        var positives = Enumerable.Range(0, stream.Count).Where(index => TestPlan.IsPositive(stream, index, options.Variant)).ToArray();
        new Random(seed).Shuffle(positives);
        var chosen = positives.Take(most).ToHashSet();
        var search = new KnownItemSearch(stream, seed);
        var asked = chosen.Select(index => (index, search.Before(index)))
            .Where(pair => pair.Item2 is not null).ToDictionary(pair => pair.index, pair => pair.Item2!);
        using var texts = new TextFeatures(cacheFolder);
        var features = await texts.DescribeAsync(
            stream.Items, progress.Begin($"{source.Name}: texts", stream.Items.Length, "texts"), cancellationToken);
        var queries = await QueryFeatures.DescribeAsync(
            texts,
            [.. stream.Queries.Values, .. asked.Values.Select(query => query.Text)],
            count => progress.Begin($"{source.Name}: queries", count, "texts"),
            cancellationToken);
        var state = new StrataState(stream, new StrataSetup(), features, queries);
        var tell = progress.Begin($"{source.Name}: events", stream.Count, "events");
        var examples = new List<TrainingExample>(chosen.Count);
        for (var index = 0; index < stream.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            state.Advance(stream.Time[index]);
            if (chosen.Contains(index))
            {
                var query = asked.GetValueOrDefault(index);
                using var request = state.Propose(
                    index,
                    RequestConstraints.Usual,
                    query?.At(stream.Time[index], state.LastEventMs(stream.User[index]), queries));
                examples.Add(Masked(RankingTrials.ExampleOf(
                    request, stream.Users[stream.User[index]], stream.Item[index], stream.Time[index])));
            }

            state.Absorb(index);
            tell(index + 1);
        }

        return examples;
    }

    // What was just said is all that a context that stands alone goes by.
    private static TrainingExample Masked(TrainingExample example)
    {
        if (!Contexts.StandsAlone((int)example.Context))
        {
            return example;
        }

        var features = new float[example.Candidates * FeatureSchema.Count];
        if (!FeatureBytes.TryDecode(example.Features.Span, features))
        {
            throw new InvalidOperationException("A list that was just written cannot be read.");
        }

        for (var value = 0; value < features.Length; value++)
        {
            features[value] = value % FeatureSchema.Count == FeatureSchema.Search ? features[value] : 0;
        }

        example.Features = UnsafeByteOperations.UnsafeWrap(FeatureBytes.Encode(features));
        return example;
    }

    // The mean of the weights over the second half of the steps (Polyak and Juditsky 1992): the last ones alone carry the last examples'
    // chance.
    private static PriorModel Learn(string without, TrainingExample[] examples)
    {
        var rate = LearningRate.Default;
        var learner = new PolicyLearner(new LearningOptions(), PriorOfNothing());
        var steps = new int[Contexts.Count + 1];
        var weights = Rows();
        var (clicks, shown, averaged) = (0.0, 0.0, 0);
        var slate = Enumerable.Range(0, SlateLength).Sum(Examination.Of);
        Policy policy = new();
        for (var at = 0; at < examples.Length; at++)
        {
            learner.Learn(examples[at]);
            if (examples[at].Positive >= 0)
            {
                steps[0] += Contexts.StandsAlone((int)examples[at].Context) ? 0 : 1;
                steps[examples[at].Context + 1]++;
            }

            shown += slate;
            clicks += learner.LastRank is >= 0 and < SlateLength and var rank ? Examination.Of(rank) : 0;
            if (at >= examples.Length / 2)
            {
                policy = learner.Publish();
                averaged++;
                for (var row = 0; row < weights.Length; row++)
                {
                    var now = row == 0 ? policy.Weights : policy.ContextWeights[row - 1].Values;
                    for (var f = 0; f < FeatureSchema.Count; f++)
                    {
                        weights[row][f] += now[f];
                    }
                }
            }
        }

        var features = new Dictionary<string, double[]>(StringComparer.Ordinal);
        for (var f = 0; f < FeatureSchema.Count; f++)
        {
            var feature = f;
            features[FeatureSchema.Names[f]] =
            [
                policy.Mean[f],
                policy.Variance[f],
                .. weights.Select(row => row[f] / averaged),
                .. steps.Select((_, row) => Curvature(feature, row)),
            ];
        }

        features[FeatureSchema.Names[FeatureSchema.Cohort]] =
        [
            0, RatioVariance, Math.Sqrt(RatioVariance), .. new double[Contexts.Count],
            .. Enumerable.Repeat(RatioCurvature, Contexts.Count + 1),
        ];
        return new PriorModel(without, clicks, shown, features);

        double Curvature(int f, int row)
            => ((row == 0 ? policy.Squares : policy.ContextSquares[row - 1].Values)[(f * (f + 1) / 2) + f] - rate.Prior)
                / Remembered(steps[row], rate);
    }

    // How many steps H holds after n, those that it is forgetting counted in part.
    private static double Remembered(int n, LearningRate rate) => Math.Max(1, (1 - Math.Pow(1 - rate.Forgetting, n)) / rate.Forgetting);

    private static Prior PriorOfNothing()
    {
        var (mean, variance) = (new double[FeatureSchema.Count], new double[FeatureSchema.Count]);
        Array.Fill(variance, 1);
        return new Prior(0, mean, variance, Rows(), Rows(), 0, 1, 0);
    }

    private static double[][] Rows() => [.. Enumerable.Range(0, Contexts.Count + 1).Select(_ => new double[FeatureSchema.Count])];
}
