using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Strata.Contracts.Common.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Items;

namespace Strata.Ranking.Index.Vectors;

/// <summary>
/// The items' vectors in the space where they are compared: the mean subtracted, unit length. Rows are only appended and never change, so
/// whoever reads a row below <see cref="Rows"/> reads it whole, and what was computed from rows stays true. A new version of an item gets
/// a new row; another mean makes another store. One writer; what it freezes never changes.
/// </summary>
public sealed class VectorStore
{
    /// <summary>Rows of one contiguous chunk.</summary>
    public const int ChunkRows = 1024;

    private readonly float[] _mean;
    private readonly SimilarityRows _similarities;
    private readonly Column<int> _itemOfRow;
    private readonly Column<int> _rowOfItem;
    private float[][] _chunks = [];

    /// <summary>Makes an empty store.</summary>
    /// <param name="encoder">Only vectors of this encoder can be compared here.</param>
    /// <param name="dimension">Components of a vector.</param>
    /// <param name="mean">Subtracted from raw vectors; empty: nothing is.</param>
    /// <param name="similarityBytes">Memory for similarities between items, see <see cref="Similarities"/>.</param>
    public VectorStore(string encoder, int dimension, ReadOnlySpan<float> mean, long similarityBytes)
    {
        Encoder = encoder;
        Dimension = dimension;
        _mean = mean.Length == dimension ? mean.ToArray() : [];
        _similarities = new SimilarityRows(similarityBytes);
        (_itemOfRow, _rowOfItem) = (new(-1), new(-1));
    }

    private VectorStore(VectorStore written)
    {
        (Encoder, Dimension, Rows, Superseded) = (written.Encoder, written.Dimension, written.Rows, written.Superseded);
        (_mean, _similarities, _chunks) = (written._mean, written._similarities, written._chunks);
        (_itemOfRow, _rowOfItem) = (written._itemOfRow.Freeze(), written._rowOfItem.Freeze());
    }

    public string Encoder { get; }

    /// <summary>Components of a vector; 0: no vector is known yet.</summary>
    public int Dimension { get; }

    /// <summary>Rows written, superseded ones among them.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows whose item has a newer row or is gone.</summary>
    internal int Superseded { get; private set; }

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

    public ReadOnlySpan<float> Vector(int row) => Block(row, 1);

    /// <summary>
    /// Cosines of row <paramref name="row"/> to rows 0 … <paramref name="rows"/> − 1, remembered for rows that are often asked for.
    /// </summary>
    public ReadOnlySpan<float> Similarities(int row, int rows) => _similarities.Get(this, row, rows);

    /// <summary>Computes at once what <see cref="Similarities"/> will be asked for.</summary>
    public void Prepare(ReadOnlySpan<int> wanted, int rows) => _similarities.Prepare(this, wanted, rows);

    /// <summary>The vectors of <paramref name="count"/> rows that lie in one chunk.</summary>
    public ReadOnlySpan<float> Block(int from, int count)
        => _chunks[from / ChunkRows].AsSpan(from % ChunkRows * Dimension, count * Dimension);

    /// <summary>Writes the cosines of <paramref name="vector"/> to the rows from <paramref name="from"/> on.</summary>
    public void Scan(ReadOnlySpan<float> vector, int from, Span<float> cosines)
    {
        for (var i = 0; i < cosines.Length; i++)
        {
            var row = from + i;
            cosines[i] = TensorPrimitives.Dot(vector, _chunks[row / ChunkRows].AsSpan(row % ChunkRows * Dimension, Dimension));
        }
    }

    /// <summary>Brings a raw vector into this space; false when it is of another kind or nothing of it remains.</summary>
    public bool TryCentre(Vector? raw, Span<float> vector)
        => TryDecode(raw, vector) && (_mean.Length == 0 || VectorMath.TryCentre(vector, _mean));

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
        Span<float> vector = Dimension <= 1024 ? stackalloc float[Dimension] : new float[Dimension];
        if (!TryCentre(raw, vector))
        {
            Remove(item);
            return;
        }

        var row = Rows++;
        if (row / ChunkRows == _chunks.Length)
        {
            _chunks = [.. _chunks, new float[ChunkRows * Dimension]];
        }

        vector.CopyTo(_chunks[row / ChunkRows].AsSpan(row % ChunkRows * Dimension));
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
}
