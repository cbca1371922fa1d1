using System.Numerics.Tensors;

namespace Strata.Optimizer.Learning.Core;

/// <summary>
/// Online Newton step (Hazan, Agarwal and Kale 2007) with forgetting: H ← (1 − φ)H + φ·prior·I + g gᵀ, then w ← w − step · H⁻¹ g, by
/// Cholesky decomposition. H never falls below the prior in any direction, so it can always be decomposed. Symmetric matrices lie as lower
/// triangles, row by row. Not for several threads at once.
/// </summary>
internal sealed class NewtonStep(int features, LearningRate rate)
{
    private readonly double[] _factor = new double[features * (features + 1) / 2];
    private readonly double[] _solution = new double[features];

    /// <summary>Moves curvature and weights by one gradient.</summary>
    /// <param name="weights">Weights; moved.</param>
    /// <param name="curvature">H; moved.</param>
    /// <param name="gradient">The gradient, as long as the features or longer.</param>
    public void Descend(Span<double> weights, double[] curvature, ReadOnlySpan<double> gradient)
    {
        for (int a = 0, row = 0; a < features; row += ++a)
        {
            var line = curvature.AsSpan(row, a + 1);
            TensorPrimitives.Multiply(line, 1 - rate.Forgetting, line);
            TensorPrimitives.MultiplyAdd(gradient[..(a + 1)], gradient[a], line, line);
            line[a] += rate.Forgetting * rate.Prior;
        }

        Decompose(curvature);
        Solve(gradient);
        for (var f = 0; f < features; f++)
        {
            weights[f] -= rate.Step * _solution[f];
        }
    }

    private void Decompose(double[] curvature)
    {
        for (int a = 0, row = 0; a < features; row += ++a)
        {
            for (int b = 0, other = 0; b <= a; other += ++b)
            {
                var rest = curvature[row + b] - TensorPrimitives.Dot<double>(_factor.AsSpan(row, b), _factor.AsSpan(other, b));
                _factor[row + b] = a == b ? Math.Sqrt(rest) : rest / _factor[other + b];
            }
        }
    }

    // Forward, then backward through the factor's columns.
    private void Solve(ReadOnlySpan<double> gradient)
    {
        for (int a = 0, row = 0; a < features; row += ++a)
        {
            _solution[a] = (gradient[a] - TensorPrimitives.Dot<double>(_factor.AsSpan(row, a), _solution.AsSpan(0, a))) / _factor[row + a];
        }

        for (var a = features - 1; a >= 0; a--)
        {
            var row = a * (a + 1) / 2;
            _solution[a] /= _factor[row + a];
            TensorPrimitives.MultiplyAdd(_factor.AsSpan(row, a), -_solution[a], _solution.AsSpan(0, a), _solution.AsSpan(0, a));
        }
    }
}
