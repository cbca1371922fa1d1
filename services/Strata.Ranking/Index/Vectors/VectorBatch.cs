using Strata.Numerics;

namespace Strata.Ranking.Index.Vectors;

/// <summary>
/// A few vectors of the items' space, rounded to 16 bits a component, as <see cref="VectorStore.Compare"/> takes them. Kept from request to
/// request so that nothing is allocated.
/// </summary>
public sealed class VectorBatch
{
    private short[] _codes = [];
    private (float Step, float OnMean)[] _scales = [];
    private float[] _mean = [];
    private int _dimension;

    /// <summary>Vectors added.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets the vectors; those that are added next are compared with the rows of <paramref name="store"/>.</summary>
    public void Begin(VectorStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_dimension, _mean, Count) = (store.Dimension, store.Mean, 0);
    }

    /// <summary>Adds a vector of finite components; its number is the <see cref="Count"/> of before.</summary>
    public void Add(ReadOnlySpan<float> vector)
    {
        if (_scales.Length == Count)
        {
            Array.Resize(ref _scales, Math.Max(4, Count * 2));
        }

        if (_codes.Length < (Count + 1) * _dimension)
        {
            Array.Resize(ref _codes, _scales.Length * _dimension);
        }

        var step = Int8Products.Encode(vector, _codes.AsSpan(Count * _dimension, _dimension));
        _scales[Count++] = (step, _mean.Length == 0 ? 0 : VectorMath.Dot(vector, _mean));
    }

    /// <summary>Component = code · step.</summary>
    internal ReadOnlySpan<short> Codes(int number) => _codes.AsSpan(number * _dimension, _dimension);

    /// <summary>Step of the codes, and product with the mean.</summary>
    internal (float Step, float OnMean) ScaleOf(int number) => _scales[number];
}
