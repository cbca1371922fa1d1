using System.Numerics;
using System.Runtime.InteropServices;

namespace Strata.RankingModel;

/// <summary>
/// A linear model over standardised features: what the learner publishes and Ranking scores with. Immutable, so a request may read it
/// without a lock. Score of a candidate in context c: (w₀ + w_c)·x with x = clip((f − μ)/√(σ² + 10⁻⁴), −5, 5); where a context stands
/// alone w_c·x.
/// </summary>
public sealed class LinearModel
{
    /// <summary>Added to every variance, so that a feature that never varies stays finite.</summary>
    public const double VarianceFloor = 1e-4;

    /// <summary>Standardised values are cut at this many standard deviations.</summary>
    public const float Limit = 5;

    private readonly float[] _mean;
    private readonly float[] _scale;
    private readonly double[][] _summedWeights;

    /// <summary>Makes a snapshot; the arrays are copied.</summary>
    /// <param name="mean">Mean of each raw feature.</param>
    /// <param name="variance">Variance of each raw feature, 0 or more.</param>
    /// <param name="weights">Weights shared by all contexts, one a feature.</param>
    /// <param name="contextWeights">One row a context, each one weight a feature. At least one row.</param>
    /// <param name="steps">Learning steps behind the weights; 0: they say nothing yet.</param>
    public LinearModel(double[] mean, double[] variance, double[] weights, double[][] contextWeights, ulong steps)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(variance);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(contextWeights);
        if (mean.Length != weights.Length
            || variance.Length != weights.Length
            || Array.Exists(contextWeights, row => row.Length != weights.Length))
        {
            throw new ArgumentException(
                $"Means ({mean.Length}), variances ({variance.Length}), weights ({weights.Length}) and every context's row "
                + "must be equally long.",
                nameof(weights));
        }

        if (contextWeights.Length == 0)
        {
            throw new ArgumentException("At least one context is needed.", nameof(contextWeights));
        }

        Features = weights.Length;
        Steps = steps;
        _mean = Array.ConvertAll(mean, value => (float)value);
        _scale = Array.ConvertAll(variance, value => (float)(1 / double.Sqrt(value + VarianceFloor)));
        _summedWeights = [.. contextWeights.Select((row, context) => Contexts.StandsAlone(context)
            ? [.. row]
            : row.Zip(weights, (own, shared) => own + shared).ToArray())];
    }

    /// <summary>Number of features.</summary>
    public int Features { get; }

    /// <summary>Number of contexts.</summary>
    public int ContextCount => _summedWeights.Length;

    /// <summary>Learning steps behind the weights.</summary>
    public ulong Steps { get; }

    /// <summary>w₀ + w_c, or w_c alone: what one standard deviation of each feature adds to a score in this context.</summary>
    public ReadOnlySpan<double> WeightsOf(int context) => _summedWeights[context];

    /// <summary>
    /// Standardises one candidate's raw features into <paramref name="x"/>. Both spans are <see cref="Features"/> long; they may be the
    /// same.
    /// </summary>
    public void Standardise(ReadOnlySpan<float> raw, Span<float> x)
    {
        ThrowUnlessFeatures(raw.Length);
        ThrowUnlessFeatures(x.Length);
        ref var from = ref MemoryMarshal.GetReference(raw);
        ref var to = ref MemoryMarshal.GetReference(x);
        ref var mean = ref MemoryMarshal.GetArrayDataReference(_mean);
        ref var scale = ref MemoryMarshal.GetArrayDataReference(_scale);
        var low = new Vector<float>(-Limit);
        var high = new Vector<float>(Limit);
        nuint i = 0;
        for (; i + (nuint)Vector<float>.Count <= (nuint)Features; i += (nuint)Vector<float>.Count)
        {
            var value = (Vector.LoadUnsafe(ref from, i) - Vector.LoadUnsafe(ref mean, i)) * Vector.LoadUnsafe(ref scale, i);
            Vector.Min(Vector.Max(value, low), high).StoreUnsafe(ref to, i);
        }

        for (var f = (int)i; f < Features; f++)
        {
            x[f] = Math.Clamp((raw[f] - _mean[f]) * _scale[f], -Limit, Limit);
        }
    }

    /// <summary>Score of a standardised candidate in a context.</summary>
    public double Score(ReadOnlySpan<float> x, int context)
    {
        ThrowUnlessFeatures(x.Length);
        var summed = _summedWeights[context];
        ref var values = ref MemoryMarshal.GetReference(x);
        ref var weights = ref MemoryMarshal.GetArrayDataReference(summed);
        var low = Vector<double>.Zero;
        var high = Vector<double>.Zero;
        nuint i = 0;
        for (; i + (nuint)Vector<float>.Count <= (nuint)Features; i += (nuint)Vector<float>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref values, i), out var first, out var second);
            low += first * Vector.LoadUnsafe(ref weights, i);
            high += second * Vector.LoadUnsafe(ref weights, i + (nuint)Vector<double>.Count);
        }

        var score = Vector.Sum(low + high);
        for (var f = (int)i; f < Features; f++)
        {
            score += x[f] * summed[f];
        }

        return score;
    }

    /// <summary>
    /// What each feature adds to the score of a standardised candidate: x·(w₀ + w_c). Nothing else enters the score, so they sum to it (up
    /// to the rounding of the last bits of a double, as sums in another order have it).
    /// </summary>
    public void Contributions(ReadOnlySpan<float> x, int context, Span<double> contributions)
    {
        ThrowUnlessFeatures(x.Length);
        ThrowUnlessFeatures(contributions.Length);
        var summed = _summedWeights[context];
        for (var f = 0; f < Features; f++)
        {
            contributions[f] = x[f] * summed[f];
        }
    }

    /// <summary>Writes μ, scale and the weights of a context, one a feature each.</summary>
    internal void WriteTo(int context, Span<float> values)
    {
        _mean.CopyTo(values);
        _scale.CopyTo(values[Features..]);
        for (var f = 0; f < Features; f++)
        {
            values[(2 * Features) + f] = (float)_summedWeights[context][f];
        }
    }

    private void ThrowUnlessFeatures(int length)
    {
        if (length != Features)
        {
            throw new ArgumentException($"The model has {Features} features, the span {length}.");
        }
    }
}
