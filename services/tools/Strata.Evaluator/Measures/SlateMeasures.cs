using System.Numerics.Tensors;
using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Measures;

/// <summary>
/// What slates are like beside being right: how much of the catalogue they show, how evenly, how novel, how diverse, and whether their
/// layers are in the user's proportions. One more walk through the stream gives each test's moment: what users had and how often items were
/// touched by then.
/// </summary>
internal sealed class SlateMeasures
{
    private const double HalfLifeMs = 30 * 86_400_000.0;
    private const double Smoothing = 0.01;
    private const int Warm = 5;

    private readonly ReplayStream _stream;
    private readonly float[] _vectors;
    private readonly int[] _layerOf;
    private readonly int _layers;
    private readonly Tally[] _tallies;

    private SlateMeasures(ReplayStream stream, float[] vectors, int[] layerOf, int methods, int tests)
    {
        (_stream, _vectors, _layerOf) = (stream, vectors, layerOf);
        _layers = layerOf.DefaultIfEmpty(-1).Max() + 1;
        _tallies = [.. Enumerable.Range(0, methods).Select(_ => new Tally(stream.Items.Length))];
        (ColdUser, ColdItem) = (new bool[tests], new bool[tests]);
    }

    /// <summary>The user had fewer than five items.</summary>
    public bool[] ColdUser { get; }

    /// <summary>The item had fewer than five events.</summary>
    public bool[] ColdItem { get; }

    /// <summary>Walks through the stream.</summary>
    /// <param name="stream">Stream.</param>
    /// <param name="plan">Tests.</param>
    /// <param name="vectors">Centred unit vectors, item by item; empty: there are none, and diversity and calibration are 0.</param>
    /// <param name="layerOf">Layer of each item; empty: there are none.</param>
    /// <param name="methods">Whose slates.</param>
    public static SlateMeasures Of(ReplayStream stream, TestPlan plan, float[] vectors, int[] layerOf, IReadOnlyList<MethodRanks> methods)
    {
        var measures = new SlateMeasures(stream, vectors, layerOf, methods.Count, plan.Events.Length);
        var histories = new Histories(stream.Users.Length);
        var touches = new int[stream.Items.Length];
        var test = 0;
        for (var i = 0; i < stream.Count; i++)
        {
            if (test < plan.Events.Length && plan.Events[test] == i)
            {
                var history = histories.Of(stream.User[i]);
                measures.ColdUser[test] = (history?.Owned.Count ?? 0) < Warm;
                measures.ColdItem[test] = touches[stream.Item[i]] < Warm;
                var wanted = measures.SharesOf(history, stream.Time[i]);
                for (var m = 0; m < methods.Count; m++)
                {
                    measures.Count(measures._tallies[m], methods[m].Slate(test), touches, i, wanted);
                }

                test++;
            }

            if (stream.Item[i] >= 0)
            {
                touches[stream.Item[i]]++;
                histories.Touch(stream.User[i], stream.Item[i], stream.Time[i]);
            }
        }

        return measures;
    }

    /// <summary>Share of the catalogue that stood in some slate.</summary>
    public double Coverage(int method) => _tallies[method].Shown.Count(times => times > 0) / (double)Math.Max(1, _stream.Items.Length);

    /// <summary>Gini coefficient of how often each item was shown.</summary>
    public double Gini(int method) => GiniOf(_tallies[method].Shown);

    /// <summary>Mean novelty, bits.</summary>
    public double Novelty(int method) => _tallies[method].Novelty.Mean;

    public double Diversity(int method) => _tallies[method].Diversity.Mean;

    /// <summary>Mean divergence from the user's layers, nats.</summary>
    public double Calibration(int method) => _tallies[method].Calibration.Mean;

    /// <summary>Gini coefficient: 0 when all are alike, (n − 1)/n when one has everything.</summary>
    public static double GiniOf(ReadOnlySpan<int> counts)
    {
        var sorted = counts.ToArray();
        Array.Sort(sorted);
        var (sum, weighted) = (0.0, 0.0);
        for (var i = 0; i < sorted.Length; i++)
        {
            sum += sorted[i];
            weighted += (2.0 * (i + 1) - sorted.Length - 1) * sorted[i];
        }

        return sum > 0 ? weighted / (sorted.Length * sum) : 0;
    }

    /// <summary>KL(p ‖ (1 − α)q + αp), α = 0.01: how far the shares q are from the wanted ones p (Steck 2018), nats.</summary>
    public static double DivergenceOf(ReadOnlySpan<double> wanted, ReadOnlySpan<double> shown)
    {
        var sum = 0.0;
        for (var g = 0; g < wanted.Length; g++)
        {
            if (wanted[g] > 0)
            {
                sum += wanted[g] * Math.Log(wanted[g] / (((1 - Smoothing) * shown[g]) + (Smoothing * wanted[g])));
            }
        }

        return sum;
    }

    private double[]? SharesOf(Histories.Entry? history, long nowMs)
    {
        if (history is null || _layers == 0)
        {
            return null;
        }

        var shares = new double[_layers];
        for (var k = 0; k < history.Items.Length; k++)
        {
            shares[_layerOf[history.Items[k]]] += double.Exp2(-(nowMs - history.Times[k]) / HalfLifeMs) + 1e-6;
        }

        TensorPrimitives.Divide(shares, TensorPrimitives.Sum<double>(shares), shares);
        return shares;
    }

    private void Count(Tally tally, ReadOnlySpan<int> slate, int[] touches, int events, double[]? wanted)
    {
        var empty = slate.IndexOf(-1);
        slate = empty < 0 ? slate : slate[..empty];
        if (slate.IsEmpty)
        {
            return;
        }

        var novelty = 0.0;
        foreach (var item in slate)
        {
            tally.Shown[item]++;
            novelty -= double.Log2((touches[item] + 1.0) / (events + touches.Length));
        }

        tally.Novelty.Add(novelty / slate.Length);
        if (_vectors.Length > 0 && slate.Length > 1)
        {
            tally.Diversity.Add(1 - MeanCosine(slate));
        }

        if (wanted is not null)
        {
            var shown = new double[_layers];
            foreach (var item in slate)
            {
                shown[_layerOf[item]] += 1.0 / slate.Length;
            }

            tally.Calibration.Add(DivergenceOf(wanted, shown));
        }
    }

    // The sum of all pairs' products is (‖Σv‖² − Σ‖v‖²)/2.
    private double MeanCosine(ReadOnlySpan<int> slate)
    {
        var dimensions = _vectors.Length / _stream.Items.Length;
        var sum = new float[dimensions];
        var squares = 0.0;
        foreach (var item in slate)
        {
            var vector = _vectors.AsSpan(item * dimensions, dimensions);
            TensorPrimitives.Add(sum, vector, sum);
            squares += TensorPrimitives.Dot<float>(vector, vector);
        }

        return (TensorPrimitives.Dot<float>(sum, sum) - squares) / (slate.Length * (slate.Length - 1.0));
    }

    private sealed class Tally(int items)
    {
        public int[] Shown { get; } = new int[items];

        public RunningMean Novelty { get; } = new();

        public RunningMean Diversity { get; } = new();

        public RunningMean Calibration { get; } = new();
    }

    private sealed class RunningMean
    {
        private double _sum;
        private int _count;

        public double Mean => _count == 0 ? 0 : _sum / _count;

        public void Add(double value)
        {
            _sum += value;
            _count++;
        }
    }
}
