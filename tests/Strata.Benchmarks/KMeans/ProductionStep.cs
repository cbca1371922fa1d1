using System.Diagnostics;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Numerics;

namespace Strata.Benchmarks.KMeans;

/// <summary>
/// Assign, accumulate and update as production does them: workers side by side add batches up by the newest set they see, and each delta is
/// applied, one at a time, to the set, which is packed anew for the workers. Sums are fixed point.
/// </summary>
internal sealed class ProductionStep
{
    private const int Dimensions = TopicPoints.Dimensions;
    private const int Batch = 1024;
    private const int Batches = 8;
    private const int StepsPerThread = 16;

    private readonly float[][] _points;
    private readonly Int8Vector[][] _raw;
    private readonly Lock _reducer = new();
    private LayerSet _set;
    private Assigner _assigner;
    private long _next;

    public ProductionStep(int layers)
    {
        var topics = new TopicPoints(1);
        _points = [.. Enumerable.Range(0, Batches).Select(_ => topics.Draw(Batch))];
        _raw = [.. _points.Select(Encode)];
        // The work does not depend on how good the centroids are.
        _set = LayersAt(topics.Draw(layers));
        _assigner = new Assigner(_set);
    }

    /// <summary>Points a second, median of some repetitions.</summary>
    public double Measure(int threads, int repetitions)
    {
        var rates = new List<double>();
        for (var i = 0; i <= repetitions; i++)
        {
            var (started, steps, taken) = (Stopwatch.GetTimestamp(), StepsPerThread * threads, 0);
            // Each takes the next batch when it is done with one, as partitions of a log are read.
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
            {
                for (int step; (step = Interlocked.Increment(ref taken)) <= steps;)
                {
                    Step(step % Batches);
                }
            });
            var rate = (double)Batch * steps / Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (i > 0) // the first one warms up
            {
                rates.Add(rate);
            }
        }

        rates.Sort();
        return rates[rates.Count / 2];
    }

    /// <summary>A layer set with these centroids, row-major.</summary>
    public static LayerSet LayersAt(float[] centroids)
    {
        var options = new LayersOptions();
        var count = centroids.Length / Dimensions;
        return new LayerSet
        {
            Version = 1,
            Seeding = 1,
            SeededItems = count,
            Encoder = "benchmark",
            Mean = new float[Dimensions],
            Centroids = centroids,
            Layers = [.. Enumerable.Range(0, count).Select(i => new LayerState
            {
                Id = (uint)i + 1,
                Version = 1,
                Weight = 1,
                Sum = centroids.Skip(i * Dimensions).Take(Dimensions).Select(x => (double)x).ToArray(),
                Need = 0,
                Error = 0,
                AsOfPoints = 0,
                BornPoints = 0,
            })],
            NextLayerId = (uint)count + 1,
            HalfLifePoints = options.HalfLifeFor(count),
            EpochPoints = options.EpochFor(count),
            Samples = options.SamplesFor(count),
        };
    }

    private void Step(int batch)
    {
        var (points, raw) = (_points[batch], _raw[batch]);
        LayerSet set;
        Assigner assigner;
        lock (_reducer)
        {
            (set, assigner) = (_set, _assigner);
        }

        var nearest = new Nearest[Batch];
        assigner.Assign(points, nearest);
        var accumulator = new DeltaAccumulator(set);
        for (var i = 0; i < Batch; i++)
        {
            accumulator.Add(nearest[i], points.AsSpan(i * Dimensions, Dimensions), raw[i], i);
        }

        lock (_reducer)
        {
            (_set, _) = LayerSetReducer.Apply(_set, accumulator.ToDelta(0, 1, _next, _next + Batch, 0));
            _next += Batch;
            _assigner = new Assigner(_set);
        }
    }

    private static Int8Vector[] Encode(float[] points)
        => [.. Enumerable.Range(0, Batch).Select(i => Int8Vector.Encode(points.AsSpan(i * Dimensions, Dimensions)))];
}
