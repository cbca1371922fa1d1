using System.Numerics.Tensors;

namespace Strata.Numerics;

/// <summary>
/// Rows on the plane of the two directions in which they differ most: principal component analysis (Pearson 1901) by power iteration on the
/// rows' products.
/// </summary>
/// <param name="X">Coordinate of each row along the first direction; the mean of all rows is at 0. The sign is such that the farthest row
/// is on the positive side.</param>
/// <param name="Y">Along the second.</param>
/// <param name="Explained">Share of the rows' variance that lies in the plane, 0 to 1.</param>
public sealed record PrincipalPlane(double[] X, double[] Y, double Explained)
{
    private const int MostSteps = 2000;
    private const double Still = 1e-12;

    /// <summary>Projects the rows of <paramref name="points"/>, row-major. Needs rows² numbers of memory.</summary>
    public static PrincipalPlane Of(ReadOnlySpan<float> points, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        var rows = points.Length / dimensions;
        var centred = new double[rows * dimensions];
        TensorPrimitives.ConvertTruncating(points[..centred.Length], centred.AsSpan());
        var mean = new double[dimensions];
        for (var row = 0; row < rows; row++)
        {
            TensorPrimitives.MultiplyAdd(centred.AsSpan(row * dimensions, dimensions), 1.0 / rows, mean, mean);
        }

        for (var row = 0; row < rows; row++)
        {
            TensorPrimitives.Subtract(centred.AsSpan(row * dimensions, dimensions), mean, centred.AsSpan(row * dimensions, dimensions));
        }

        var products = new double[rows * rows];
        var total = 0.0;
        for (var a = 0; a < rows; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                products[(a * rows) + b] = products[(b * rows) + a] =
                    TensorPrimitives.Dot(centred.AsSpan(a * dimensions, dimensions), centred.AsSpan(b * dimensions, dimensions));
            }

            total += products[(a * rows) + a];
        }

        var (x, first) = Strongest(products, rows);
        Deflate(products, rows, x, first);
        var (y, second) = Strongest(products, rows);
        return new PrincipalPlane(Scaled(x, first), Scaled(y, second), total > 0 ? Math.Min(1, (first + second) / total) : 0);
    }

    private static (double[] Direction, double Value) Strongest(double[] matrix, int rows)
    {
        // The same start each time, with a part in every direction that comes up.
        var direction = Enumerable.Range(0, rows).Select(i => 1 + (0.5 * Math.Sin(i + 1.0))).ToArray();
        var next = new double[rows];
        var value = 0.0;
        for (var step = 0; step < MostSteps; step++)
        {
            for (var row = 0; row < rows; row++)
            {
                next[row] = TensorPrimitives.Dot(matrix.AsSpan(row * rows, rows), direction);
            }

            value = TensorPrimitives.Norm<double>(next);
            if (!(value > Still))
            {
                return (new double[rows], 0);
            }

            TensorPrimitives.Divide(next, value, next);
            var moved = TensorPrimitives.Distance<double>(next, direction);
            (direction, next) = (next, direction);
            if (moved < Still)
            {
                break;
            }
        }

        return (direction, value);
    }

    private static void Deflate(double[] matrix, int rows, double[] direction, double value)
    {
        for (var row = 0; row < rows; row++)
        {
            TensorPrimitives.MultiplyAdd(
                direction, -value * direction[row], matrix.AsSpan(row * rows, rows), matrix.AsSpan(row * rows, rows));
        }
    }

    private static double[] Scaled(double[] direction, double value)
    {
        var scale = Math.Sqrt(value) * (direction.Length > 0 && direction.MaxBy(Math.Abs) < 0 ? -1 : 1);
        return [.. direction.Select(component => scale * component)];
    }
}
