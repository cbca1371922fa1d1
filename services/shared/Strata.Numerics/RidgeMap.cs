namespace Strata.Numerics;

/// <summary>
/// A linear map from one space of vectors to another, learned from pairs in closed form: y = ȳ + Wᵀ(x − x̄), with W the least of
/// Σ‖y − ȳ − Wᵀ(x − x̄)‖² + λ‖W‖² (ridge regression, Hoerl and Kennard 1970). It keeps sums only, so pairs come and go in any order at
/// O(d·(d + e)) each; fitting costs O(d²·(d + e)). What pictures show is brought into the space of texts by it in the evaluation; serving
/// does not use it. Not safe for several threads.
/// </summary>
/// <param name="from">Components of a vector that is mapped, d.</param>
/// <param name="to">Components of what it is mapped to, e.</param>
public sealed class RidgeMap(int from, int to)
{
    // Lower triangle of Σ x xᵀ, row by row in full rows; Σ x yᵀ; Σ x; Σ y.
    private readonly double[] _squares = new double[from * from];
    private readonly double[] _products = new double[from * to];
    private readonly double[] _sumFrom = new double[from];
    private readonly double[] _sumTo = new double[to];
    private readonly double[] _weights = new double[from * to];
    private readonly double[] _meanFrom = new double[from];
    private readonly double[] _meanTo = new double[to];

    /// <summary>Pairs that it holds.</summary>
    public int Pairs { get; private set; }

    /// <summary>Takes a pair in.</summary>
    public void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => Change(x, y, 1);

    /// <summary>Takes a pair out that was taken in.</summary>
    public void Remove(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => Change(x, y, -1);

    /// <summary>Learns the map from the pairs that it holds.</summary>
    /// <param name="penalty">λ, above 0: with it the map is determined by fewer pairs than d, too.</param>
    /// <exception cref="InvalidOperationException">There is no pair.</exception>
    public void Fit(double penalty)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(penalty);
        if (Pairs == 0)
        {
            throw new InvalidOperationException("A map is learned from pairs, and there is none.");
        }

        for (var i = 0; i < from; i++)
        {
            _meanFrom[i] = _sumFrom[i] / Pairs;
        }

        for (var j = 0; j < to; j++)
        {
            _meanTo[j] = _sumTo[j] / Pairs;
        }

        var lower = new double[from * from];
        for (var row = 0; row < from; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                lower[(row * from) + column] = _squares[(row * from) + column] - (_sumFrom[row] * _meanFrom[column]);
            }

            lower[(row * from) + row] += penalty;
            for (var j = 0; j < to; j++)
            {
                _weights[(row * to) + j] = _products[(row * to) + j] - (_sumFrom[row] * _meanTo[j]);
            }
        }

        Decompose(lower);
        Solve(lower);
    }

    /// <summary>Where a vector lies in the other space.</summary>
    public float[] Map(ReadOnlySpan<float> x)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, from);
        var mapped = (double[])_meanTo.Clone();
        for (var i = 0; i < from; i++)
        {
            var component = x[i] - _meanFrom[i];
            for (var j = 0; j < to; j++)
            {
                mapped[j] += component * _weights[(i * to) + j];
            }
        }

        return Array.ConvertAll(mapped, component => (float)component);
    }

    private void Change(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int sign)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, from);
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, to);
        Pairs += sign;
        for (var i = 0; i < from; i++)
        {
            var component = (double)sign * x[i];
            _sumFrom[i] += component;
            for (var k = 0; k <= i; k++)
            {
                _squares[(i * from) + k] += component * x[k];
            }

            for (var j = 0; j < to; j++)
            {
                _products[(i * to) + j] += component * y[j];
            }
        }

        for (var j = 0; j < to; j++)
        {
            _sumTo[j] += sign * y[j];
        }
    }

    // Cholesky, in place: A = L Lᵀ.
    private void Decompose(double[] lower)
    {
        for (var row = 0; row < from; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var sum = lower[(row * from) + column];
                for (var k = 0; k < column; k++)
                {
                    sum -= lower[(row * from) + k] * lower[(column * from) + k];
                }

                lower[(row * from) + column] = column == row ? Math.Sqrt(sum) : sum / lower[(column * from) + column];
            }
        }
    }

    // L Lᵀ W = Σ (x − x̄)(y − ȳ)ᵀ, which lies in the weights and gives way to W: forward, then back.
    private void Solve(double[] lower)
    {
        for (var row = 0; row < from; row++)
        {
            Eliminate(row, 0, row, k => lower[(row * from) + k], lower[(row * from) + row]);
        }

        for (var row = from - 1; row >= 0; row--)
        {
            Eliminate(row, row + 1, from, k => lower[(k * from) + row], lower[(row * from) + row]);
        }
    }

    private void Eliminate(int row, int first, int end, Func<int, double> factor, double pivot)
    {
        for (var k = first; k < end; k++)
        {
            var times = factor(k);
            for (var j = 0; j < to; j++)
            {
                _weights[(row * to) + j] -= times * _weights[(k * to) + j];
            }
        }

        for (var j = 0; j < to; j++)
        {
            _weights[(row * to) + j] /= pivot;
        }
    }
}
