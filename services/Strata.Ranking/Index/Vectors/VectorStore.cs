using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Strata.Numerics;
using Strata.Ranking.Index.Items;
using Vector = Strata.Contracts.Common.V1.Vector;

namespace Strata.Ranking.Index.Vectors;

/// <summary>
/// The items' vectors in the space where they are compared: the mean subtracted, unit length. They rest as they came, a byte a component:
/// row = gain · codes − share · mean, so a cosine is gain · (codes · q) − share · (mean · q), whose first product is one of whole numbers.
/// Rows are only appended and never change, so whoever reads a row below <see cref="Rows"/> reads it whole. A new version of an item gets
/// a new row; another mean makes another store. One writer; what it freezes never changes.
/// </summary>
public sealed class VectorStore
{
    // Rows that are multiplied with every vector of a batch while they are in the nearest cache.
    private const int BlockRows = 64;

    // Floats that a stack takes.
    private const int StackDimension = 1024;

    private readonly ByteRows _rows;
    private readonly float _meanSquares;
    private readonly Column<int> _itemOfRow;
    private readonly Column<int> _rowOfItem;

    /// <summary>Makes an empty store.</summary>
    /// <param name="encoder">Only vectors of this encoder can be compared here.</param>
    /// <param name="dimension">Components of a vector.</param>
    /// <param name="mean">Subtracted from raw vectors; empty: nothing is.</param>
    public VectorStore(string encoder, int dimension, ReadOnlySpan<float> mean)
    {
        Encoder = encoder;
        Dimension = dimension;
        Mean = mean.Length == dimension ? mean.ToArray() : [];
        _rows = new ByteRows(dimension);
        _meanSquares = VectorMath.Dot(Mean, Mean);
        (_itemOfRow, _rowOfItem) = (new(-1), new(-1));
    }

    private VectorStore(VectorStore written)
    {
        (Encoder, Dimension, Rows, Superseded) = (written.Encoder, written.Dimension, written.Rows, written.Superseded);
        (Mean, _meanSquares, _rows) = (written.Mean, written._meanSquares, written._rows);
        (_itemOfRow, _rowOfItem) = (written._itemOfRow.Freeze(), written._rowOfItem.Freeze());
    }

    public string Encoder { get; }

    /// <summary>Components of a vector; 0: no vector is known yet.</summary>
    public int Dimension { get; }

    /// <summary>Rows written, superseded ones among them.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows whose item has a newer row or is gone.</summary>
    internal int Superseded { get; private set; }

    /// <summary>What is subtracted; empty: nothing is.</summary>
    internal float[] Mean { get; }

    /// <summary>Vectors of <paramref name="encoder"/> can be compared here; an encoder without a name is taken at its word.</summary>
    public bool Compares(string encoder) => encoder == Encoder || string.IsNullOrEmpty(encoder) || Encoder.Length == 0;

    /// <summary>Row of an item; −1: it has no vector.</summary>
    public int RowOf(int item) => item < 0 ? -1 : _rowOfItem[item];

    /// <summary>Item of a row; −1: superseded.</summary>
    public int ItemOf(int row)
    {
        var item = _itemOfRow[row];
        return RowOf(item) == row ? item : -1;
    }

    /// <summary>The vector of a row, at unit length: a copy.</summary>
    public float[] Vector(int row)
    {
        var vector = new float[Dimension];
        Decode(row, vector);
        return vector;
    }

    /// <summary>Writes the vector of a row.</summary>
    public void Decode(int row, Span<float> vector)
    {
        var (gain, share, _) = _rows.ScaleOf(row);
        Int8Codec.Decode(_rows.CodesOf(row), gain, vector);
        if (Mean.Length > 0)
        {
            VectorMath.AddScaled(vector, Mean, -share);
        }
    }

    /// <summary>Adds a row's vector, times <paramref name="weight"/>, to <paramref name="sum"/>.</summary>
    public void AddScaled(int row, float weight, Span<float> sum)
    {
        Span<float> vector = Dimension <= StackDimension ? stackalloc float[Dimension] : new float[Dimension];
        Decode(row, vector);
        VectorMath.AddScaled(sum, vector, weight);
    }

    /// <summary>Cosine of two rows.</summary>
    public float Cosine(int row, int other)
    {
        var (a, b) = (_rows.ScaleOf(row), _rows.ScaleOf(other));
        return (a.Gain * b.Gain * Int8Products.Multiply(_rows.CodesOf(row), _rows.CodesOf(other)))
            - (a.Gain * b.Share * a.OnMean) - (a.Share * b.Gain * b.OnMean) + (a.Share * b.Share * _meanSquares);
    }

    /// <summary>Products of every vector of a batch with rows: cosines where it has unit length.</summary>
    /// <param name="vectors">Begun for this store or one of the same mean.</param>
    /// <param name="rows">Rows; quickest where they follow one another.</param>
    /// <param name="products">Takes the products: those of the first vector with all rows, then those of the next.</param>
    public void Compare(VectorBatch vectors, ReadOnlySpan<int> rows, Span<float> products)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var gathered = ArrayPool<sbyte>.Shared.Rent(BlockRows * Dimension);
        Span<int> firsts = stackalloc int[BlockRows];
        Span<int> seconds = stackalloc int[BlockRows];
        Span<float> gains = stackalloc float[BlockRows];
        Span<float> shares = stackalloc float[BlockRows];
        for (var from = 0; from < rows.Length; from += BlockRows)
        {
            var block = rows[from..Math.Min(rows.Length, from + BlockRows)];
            for (var i = 0; i < block.Length; i++)
            {
                (gains[i], shares[i], _) = _rows.ScaleOf(block[i]);
            }

            var codes = _rows.CodesOf(block, gathered);
            for (var v = 0; v < vectors.Count; v += 2)
            {
                var other = Math.Min(v + 1, vectors.Count - 1);
                Int8Products.Multiply(codes, vectors.Codes(v), vectors.Codes(other), firsts, seconds);
                Scale(firsts, gains, shares, vectors.ScaleOf(v), products.Slice((v * rows.Length) + from, block.Length));
                Scale(seconds, gains, shares, vectors.ScaleOf(other), products.Slice((other * rows.Length) + from, block.Length));
            }
        }

        ArrayPool<sbyte>.Shared.Return(gathered);
    }

    /// <summary>Brings a raw vector into this space; false when it is of another kind or nothing of it remains.</summary>
    public bool TryCentre(Vector? raw, Span<float> vector)
        => TryDecode(raw, vector) && (Mean.Length == 0 || VectorMath.TryCentre(vector, Mean));

    /// <summary>A vector that needs no mean subtracted, at unit length; false when it is of another kind or nothing.</summary>
    public bool TryDecode(Vector? centred, Span<float> vector)
    {
        if (centred is null || centred.Codes.Length != Dimension || Dimension == 0)
        {
            return false;
        }

        Int8Codec.Decode(MemoryMarshal.Cast<byte, sbyte>(centred.Codes.Span), centred.Scale, vector);
        return VectorMath.TryNormalize(vector);
    }

    /// <summary>Writer: the store as it is now, for good. Rows that come later lie beyond its own.</summary>
    internal VectorStore Freeze() => new(this);

    /// <summary>Writer: gives an item a vector, or takes it away when <paramref name="raw"/> cannot be compared here.</summary>
    internal void Put(int item, Vector? raw)
    {
        Span<float> vector = Dimension <= StackDimension ? stackalloc float[Dimension] : new float[Dimension];
        if (!TryDecode(raw, vector))
        {
            Remove(item);
            return;
        }

        // codes = v · ‖codes‖ for the unit vector v, and the row is (v − mean) / ‖v − mean‖.
        var codes = MemoryMarshal.Cast<byte, sbyte>(raw!.Codes.Span);
        var length = MathF.Sqrt(Int8Products.Multiply(codes, codes));
        var onMean = Mean.Length == 0 ? 0 : VectorMath.Dot(vector, Mean);
        if (Mean.Length > 0)
        {
            TensorPrimitives.Subtract(vector, Mean, vector);
        }

        var rest = MathF.Sqrt(VectorMath.Dot(vector, vector));
        if (!VectorMath.TryNormalize(vector))
        {
            Remove(item);
            return;
        }

        var row = Rows++;
        _rows.Append(row, codes, new RowScale(1 / (length * rest), 1 / rest, onMean * length));
        _itemOfRow.Set(row, item);
        Superseded += RowOf(item) >= 0 ? 1 : 0;
        _rowOfItem.Set(item, row);
    }

    internal void Remove(int item)
    {
        if (RowOf(item) >= 0)
        {
            Superseded++;
            _rowOfItem.Set(item, -1);
        }
    }

    private static void Scale(
        ReadOnlySpan<int> products,
        ReadOnlySpan<float> gains,
        ReadOnlySpan<float> shares,
        (float Step, float OnMean) vector,
        Span<float> cosines)
    {
        var i = 0;
        for (; i <= cosines.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var whole = System.Numerics.Vector.ConvertToSingle(new Vector<int>(products[i..]));
            ((whole * vector.Step * new Vector<float>(gains[i..])) - (new Vector<float>(shares[i..]) * vector.OnMean)).CopyTo(cosines[i..]);
        }

        for (; i < cosines.Length; i++)
        {
            cosines[i] = (products[i] * vector.Step * gains[i]) - (shares[i] * vector.OnMean);
        }
    }
}
