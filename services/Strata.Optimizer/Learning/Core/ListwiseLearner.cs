using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Strata.RankingModel;

namespace Strata.Optimizer.Learning.Core;

/// <summary>
/// Learns a linear ranking from lists of candidates of which one was chosen: features standardised online, listwise softmax loss, one
/// weight vector shared by all contexts plus one a context. Deterministic: the same examples in the same order give the same bits, also
/// across a restart from the published policy. Not safe for several threads.
/// </summary>
public sealed partial class ListwiseLearner
{
    /// <summary>Candidates with less probability than this add nothing to a gradient.</summary>
    private const double LeastProbability = 1e-6;

    /// <summary>
    /// A feature that varies less within a list, against its mean's square, is the same for all its candidates but for rounding: the list
    /// says nothing of what the feature is like where it matters.
    /// </summary>
    private const double LeastVariance = 1e-12;

    /// <summary>Lists that the prior's mean and variance weigh as much as.</summary>
    private const double PriorLists = 50;

    // Rows are padded to whole SIMD vectors; the padding's mean, weight and value are zero.
    private readonly int _stride;
    private readonly LearningRate _rate;
    private readonly double[] _mean;
    private readonly double[] _variance;
    private readonly double[][] _weights;
    private readonly double[][] _squares;
    private readonly double[] _rowSum;
    private readonly double[] _rowSquares;
    private readonly double[] _scale;
    private readonly double[] _summed;
    private readonly double[] _gradient;
    private readonly double[] _pulled;
    private readonly double[] _varied;
    private readonly double[][] _pull;
    private readonly bool _hasPrior;
    private readonly NewtonStep? _newton;
    private double[] _x = [];
    private double[] _scores = [];

    /// <summary>
    /// Makes a learner that knows what the prior says; without one nothing: weights 0, mean 0, variance 1.
    /// </summary>
    public ListwiseLearner(int features, int contexts, LearningRate? rate = null, Prior? prior = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(contexts, 1);
        Features = features;
        ContextCount = contexts;
        _rate = rate ?? LearningRate.Default;
        _stride = (features + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        _mean = new double[_stride];
        _variance = Filled(1);
        _weights = Rows(() => new double[_stride]);
        _squares = Rows(() => _rate.InitialSquares(features));
        _newton = _rate.Rule == LearningRule.Newton ? new NewtonStep(features, _rate) : null;
        _rowSum = new double[_stride];
        _rowSquares = new double[_stride];
        _scale = new double[_stride];
        _summed = new double[_stride];
        _gradient = new double[_stride];
        _pulled = new double[features];
        _varied = new double[features];
        _pull = Rows(() => new double[_stride]);
        _hasPrior = prior is not null;
        if (prior is not null)
        {
            Start(prior);
        }
    }

    public int Features { get; }

    public int ContextCount { get; }

    /// <summary>Lists that moved mean and variance.</summary>
    public ulong Lists { get; private set; }

    public ulong Steps { get; private set; }

    public LinearModel Snapshot()
        => new(Cut(_mean), Cut(_variance), Cut(_weights[0]), [.. _weights.Skip(1).Select(Cut)], Steps);

    /// <summary>
    /// Learns one list: moves mean and variance (unless <paramref name="standardise"/> is false), then takes one step towards the chosen
    /// candidate.
    /// </summary>
    /// <param name="rows">Raw features, candidate by candidate.</param>
    /// <param name="positive">Index of the chosen candidate; −1: none of them, no step is taken.</param>
    /// <param name="context">Context of the request.</param>
    /// <param name="weight">Factor of the gradient.</param>
    /// <param name="standardise">Whether the list is typical of what is ranked.</param>
    /// <param name="offsets">Candidate by candidate, what its score has beside what is learned; empty: nothing.</param>
    /// <returns>
    /// Rank of the chosen candidate before the step, 0 the best, ties in the middle: the model tested on what it has not learned yet. −1
    /// without a positive.
    /// </returns>
    public int Learn(
        ReadOnlySpan<float> rows, int positive, int context, double weight = 1, bool standardise = true,
        ReadOnlySpan<float> offsets = default)
    {
        var candidates = rows.Length / Features;
        if (candidates * Features != rows.Length || positive >= candidates || (uint)context >= (uint)ContextCount)
        {
            throw new ArgumentException(
                $"No list of {Features} features: {rows.Length} values, positive {positive}, context {context} of {ContextCount}.",
                nameof(rows));
        }

        if (candidates == 0)
        {
            return -1;
        }

        Load(rows, candidates);
        if (standardise)
        {
            MoveStandardisation(candidates);
        }

        return positive < 0 ? -1 : Step(candidates, positive, context, weight, offsets);
    }

    private void Load(ReadOnlySpan<float> rows, int candidates)
    {
        if (_scores.Length < candidates)
        {
            _scores = new double[candidates];
            _x = new double[candidates * _stride];
        }

        for (var i = 0; i < candidates; i++)
        {
            TensorPrimitives.ConvertTruncating(rows.Slice(i * Features, Features), _x.AsSpan(i * _stride, Features));
        }
    }

    private void MoveStandardisation(int candidates)
    {
        Array.Clear(_rowSum);
        Array.Clear(_rowSquares);
        for (var i = 0; i < candidates; i++)
        {
            ListKernels.AddMoments(Row(i), _rowSum, _rowSquares);
        }

        for (var f = 0; f < Features; f++)
        {
            var mean = _rowSum[f] / candidates;
            var variance = Math.Max((_rowSquares[f] / candidates) - (mean * mean), 0);
            if (variance <= LeastVariance * (1 + (mean * mean)))
            {
                continue;
            }

            var r = Math.Max(1 / (1.0 + _varied[f]++), _rate.SlowestDrift);
            _mean[f] += r * (mean - _mean[f]);
            var distance = mean - _mean[f];
            _variance[f] += r * (variance + (distance * distance) - _variance[f]);
        }

        Lists++;
    }

    private int Step(int candidates, int positive, int context, double weight, ReadOnlySpan<float> offsets)
    {
        var alone = Contexts.StandsAlone(context);
        for (var f = 0; f < _stride; f++)
        {
            _scale[f] = 1 / Math.Sqrt(_variance[f] + LinearModel.VarianceFloor);
            _summed[f] = (alone ? 0 : _weights[0][f]) + _weights[context + 1][f];
        }

        for (var i = 0; i < candidates; i++)
        {
            _scores[i] = ListKernels.StandardiseAndScore(Row(i), _mean, _scale, _summed) + (offsets.IsEmpty ? 0 : offsets[i]);
        }

        var rank = RankOf(positive, candidates);
        var probabilities = _scores.AsSpan(0, candidates);
        TensorPrimitives.Subtract(probabilities, TensorPrimitives.Max<double>(probabilities), probabilities);
        TensorPrimitives.Exp(probabilities, probabilities);
        TensorPrimitives.Divide(probabilities, TensorPrimitives.Sum<double>(probabilities), probabilities);
        TensorPrimitives.Negate(Row(positive), _gradient);
        for (var i = 0; i < candidates; i++)
        {
            if (probabilities[i] > LeastProbability)
            {
                ListKernels.AddScaled(Row(i), probabilities[i], _gradient);
            }
        }

        // A context that stands alone keeps the weights that it was given: somebody's own word is not outvoted by what others chose.
        if (!alone)
        {
            Descend(0, weight);
        }

        if (!alone || !_hasPrior)
        {
            Descend(context + 1, weight);
        }

        Steps++;
        return rank;
    }

    private int RankOf(int positive, int candidates)
    {
        var score = _scores[positive];
        var (better, equal) = (0, 0);
        for (var i = 0; i < candidates; i++)
        {
            better += _scores[i] > score ? 1 : 0;
            equal += _scores[i] == score ? 1 : 0;
        }

        return better + ((equal - 1) / 2);
    }

    private void Descend(int row, double weight)
    {
        var (weights, squares, pull) = (_weights[row], _squares[row], _pull[row]);
        for (var f = 0; f < Features; f++)
        {
            _pulled[f] = (weight * _gradient[f]) + (_rate.L2 * (weights[f] - pull[f]));
        }

        if (_newton is not null)
        {
            _newton.Descend(weights, squares, _pulled);
            return;
        }

        for (var f = 0; f < Features; f++)
        {
            squares[f] += _pulled[f] * _pulled[f];
            weights[f] -= _rate.Step * _pulled[f] / Math.Sqrt(squares[f]);
        }
    }

    private Span<double> Row(int candidate) => MemoryMarshal.CreateSpan(ref _x[candidate * _stride], _stride);
}
