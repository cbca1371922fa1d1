using System.Diagnostics;
using Strata.Clustering.Layers;
using Strata.Evaluator.Reports;
using Strata.Numerics;
using Strata.Numerics.Clusters;

namespace Strata.Evaluator.Drift;

/// <summary>
/// Runs streams of planted topics through the layers and through other systems' rules, each batch assigned before it is learned; what is
/// told is the mean over the second half of the batches.
/// </summary>
internal sealed class DriftEvaluation(IEvaluationProgress progress)
{
    private const int Batch = 1024;
    private const int FirstBatches = 4;
    private const int Batches = 200;
    private const float Covered = .9f;

    // Half of a batch's weight is left after 20 batches, for all who forget.
    private const double HalfLifeBatches = 20;

    public DriftLine[] Run(DriftScenario scenario, double sigma, int seed)
    {
        const int d = TopicStream.Dimensions;
        var stream = new TopicStream(scenario, sigma, seed);
        var first = new float[FirstBatches * Batch * d];
        for (var batch = 0; batch < FirstBatches; batch++)
        {
            stream.Next(first.AsSpan(batch * Batch * d, Batch * d), new int[Batch]);
        }

        IStreamClusterer[] methods =
        [
            new StrataClusterer(new LayersOptions
            {
                Layers = TopicStream.Topics,
                HalfLifePoints = HalfLifeBatches * Batch,
                Centring = 0,
                ItemWeight = 0,
            }),
            new MiniBatchRule(TopicStream.Topics, d, .01, new Random(seed)),
            new SparkRule(TopicStream.Topics, d, double.Exp2(-1 / HalfLifeBatches), new Random(seed)),
        ];
        var tallies = methods.Select(_ => new Tally()).ToArray();
        foreach (var method in methods)
        {
            method.Begin(first);
        }

        var tell = progress.Begin($"{scenario} sigma {sigma} seed {seed}", Batches, "batches");
        var (points, topics) = (new float[Batch * d], new int[Batch]);
        for (var batch = 0; batch < Batches; batch++)
        {
            stream.Next(points, topics);
            var oracle = Error(points, Drift.Centres.Nearest(points, stream.Directions, d), stream.Directions);
            for (var m = 0; m < methods.Length; m++)
            {
                if (batch >= Batches / 2)
                {
                    tallies[m].Add(methods[m], points, topics, stream.Directions, oracle);
                }

                var (moves, started) = (methods[m].Moves, Stopwatch.GetTimestamp());
                methods[m].Learn(points);
                tallies[m].Learned(Stopwatch.GetElapsedTime(started), batch >= Batches / 2 ? methods[m].Moves - moves : 0);
            }

            tell(batch + 1);
        }

        return [.. methods.Select((method, m) => tallies[m].ToLine(scenario, sigma, seed, method))];
    }

    /// <summary>Σ (1 − cosine to the own centre).</summary>
    private static double Error(ReadOnlySpan<float> points, int[] nearest, ReadOnlySpan<float> centres)
    {
        const int d = TopicStream.Dimensions;
        var error = 0.0;
        for (var i = 0; i < nearest.Length; i++)
        {
            var centre = centres.Slice(nearest[i] * d, d);
            error += 1 - (VectorMath.Dot(points.Slice(i * d, d), centre) / Math.Sqrt(VectorMath.Dot(centre, centre)));
        }

        return error;
    }

    private sealed class Tally
    {
        private double _error;
        private double _oracle;
        private double _rand;
        private double _information;
        private double _covered;
        private int _batches;
        private int _lateMoves;
        private TimeSpan _learning;

        public void Add(IStreamClusterer method, ReadOnlySpan<float> points, int[] topics, ReadOnlySpan<float> directions, double oracle)
        {
            var nearest = method.Predict(points);
            _error += Error(points, nearest, method.Centres);
            _oracle += oracle;
            _rand += ClusterAgreement.AdjustedRandIndex(nearest, topics);
            _information += ClusterAgreement.NormalizedMutualInformation(nearest, topics);
            _covered += CoveredShare(directions, method.Centres);
            _batches++;
        }

        public void Learned(TimeSpan time, int? moves)
        {
            _learning += time;
            _lateMoves += moves ?? 0;
        }

        public DriftLine ToLine(DriftScenario scenario, double sigma, int seed, IStreamClusterer method) => new(
            scenario.ToString(),
            sigma,
            seed,
            method.Name,
            _error / _oracle,
            _rand / _batches,
            _information / _batches,
            _covered / _batches,
            method.Moves,
            _lateMoves,
            _learning.TotalMilliseconds / Batches);

        private static double CoveredShare(ReadOnlySpan<float> directions, ReadOnlySpan<float> centres)
        {
            const int d = TopicStream.Dimensions;
            var covered = 0;
            for (var topic = 0; topic < TopicStream.Topics; topic++)
            {
                var best = 0.0;
                for (var at = 0; at < centres.Length; at += d)
                {
                    var centre = centres.Slice(at, d);
                    best = Math.Max(
                        best,
                        VectorMath.Dot(directions.Slice(topic * d, d), centre) / Math.Sqrt(VectorMath.Dot(centre, centre)));
                }

                covered += best > Covered ? 1 : 0;
            }

            return (double)covered / TopicStream.Topics;
        }
    }
}

/// <summary>What one method made of one stream, over the second half of its batches.</summary>
/// <param name="Scenario">How the topics behaved.</param>
/// <param name="Sigma">Length of the noise.</param>
/// <param name="Seed">Seed of the stream.</param>
/// <param name="Method">Method.</param>
/// <param name="InertiaOverOracle">Σ (1 − cosine to the own centre), over the same with the topics' true directions.</param>
/// <param name="Ari">Adjusted Rand index with the topics, mean over batches.</param>
/// <param name="Nmi">Normalised mutual information with them.</param>
/// <param name="Coverage">Share of the topics within cosine .9 of a centre.</param>
/// <param name="Moves">Centres that were put elsewhere, over all batches.</param>
/// <param name="LateMoves">Those of the second half.</param>
/// <param name="MillisecondsPerBatch">Learning time of a batch of 1,024 points.</param>
internal sealed record DriftLine(
    string Scenario,
    double Sigma,
    int Seed,
    string Method,
    double InertiaOverOracle,
    double Ari,
    double Nmi,
    double Coverage,
    int? Moves,
    int LateMoves,
    double MillisecondsPerBatch);
