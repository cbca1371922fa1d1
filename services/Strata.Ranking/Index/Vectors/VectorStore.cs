using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Strata.Contracts.Common.V1;
using Strata.Numerics;

namespace Strata.Ranking.Index.Vectors;

/// <summary>
/// The items' vectors in the space where they are compared: the mean subtracted, unit length. Rows are only appended and never change, so
/// whoever reads a row below <see cref="Rows"/> reads it whole, and what was computed from rows stays true. A new version of an item gets
/// a new row; another mean makes another store.
/// </summary>
public sealed class VectorStore
{
    /// <summary>Rows of one contiguous chunk.</summary>
    public const int ChunkRows = 1024;

    private readonly float[] _mean;
    private readonly SimilarityRows _similarities;
    private float[][] _chunks = [];
    private int[] _itemOfRow = [];

    // Row + 1; 0: the item has no vector here.
    private int[] _rowOfItem = [];
    private int _rows;

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
        _similarities = new SimilarityRows(this, similarityBytes);
    }

    public string Encoder { get; }

    /// <summary>Components of a vector; 0: no vector is known yet.</summary>
    public int Dimension { get; }

    /// <summary>Rows written, superseded ones among them.</summary>
    public int Rows => Volatile.Read(ref _rows);

    /// <summary>Rows whose item has a newer row or is gone.</summary>
    internal int Superseded { get; private set; }

    /// <summary>Vectors of <paramref name="encoder"/> can be compared here; an encoder without a name is taken at its word.</summary>
    public bool Compares(string encoder) => encoder == Encoder || string.IsNullOrEmpty(encoder) || Encoder.Length == 0;

    /// <summary>Row of an item; −1: it has no vector.</summary>
    public int RowOf(int item)
    {
        var rows = Volatile.Read(ref _rowOfItem);
        return (uint)item < (uint)rows.Length ? rows[item] - 1 : -1;
    }

    /// <summary>Item of a row; −1: superseded.</summary>
    public int ItemOf(int row)
    {
        var item = Volatile.Read(ref _itemOfRow)[row];
        return item >= 0 && RowOf(item) == row ? item : -1;
    }

    public ReadOnlySpan<float> Vector(int row) => Block(row, 1);

    /// <summary>
    /// Cosines of row <paramref name="row"/> to rows 0 … <paramref name="rows"/> − 1, remembered for rows that are often asked for.
    /// </summary>
    public ReadOnlySpan<float> Similarities(int row, int rows) => _similarities.Get(row, rows);

    /// <summary>Computes at once what <see cref="Similarities"/> will be asked for.</summary>
    public void Prepare(ReadOnlySpan<int> wanted, int rows) => _similarities.Prepare(wanted, rows);

    /// <summary>The vectors of <paramref name="count"/> rows that lie in one chunk.</summary>
    public ReadOnlySpan<float> Block(int from, int count)
        => Volatile.Read(ref _chunks)[from / ChunkRows].AsSpan(from % ChunkRows * Dimension, count * Dimension);

    /// <summary>Writes the cosines of <paramref name="vector"/> to the rows from <paramref name="from"/> on.</summary>
    public void Scan(ReadOnlySpan<float> vector, int from, Span<float> cosines)
    {
        var chunks = Volatile.Read(ref _chunks);
        for (var i = 0; i < cosines.Length; i++)
        {
            var row = from + i;
            cosines[i] = TensorPrimitives.Dot(vector, chunks[row / ChunkRows].AsSpan(row % ChunkRows * Dimension, Dimension));
        }
    }

    /// <summary>Brings a raw vector into this space; false when it is of another kind or nothing of it remains.</summary>
    public bool TryCentre(Vector? raw, Span<float> vector)
    {
        if (raw is null || raw.Codes.Length != Dimension || Dimension == 0)
        {
            return false;
        }

        Int8Codec.Decode(MemoryMarshal.Cast<byte, sbyte>(raw.Codes.Span), raw.Scale, vector);
        return _mean.Length > 0 ? VectorMath.TryNormalize(vector) && VectorMath.TryCentre(vector, _mean) : VectorMath.TryNormalize(vector);
    }

    /// <summary>Writer: gives an item a vector, or takes it away when <paramref name="raw"/> cannot be compared here.</summary>
    internal void Put(int item, Vector? raw)
    {
        Span<float> vector = Dimension <= 1024 ? stackalloc float[Dimension] : new float[Dimension];
        if (!TryCentre(raw, vector))
        {
            Remove(item);
            return;
        }

        var row = _rows;
        if (row / ChunkRows == _chunks.Length)
        {
            Volatile.Write(ref _chunks, [.. _chunks, new float[ChunkRows * Dimension]]);
        }

        vector.CopyTo(_chunks[row / ChunkRows].AsSpan(row % ChunkRows * Dimension));
        Grow(ref _itemOfRow, row);
        _itemOfRow[row] = item;
        Volatile.Write(ref _rows, row + 1);
        Grow(ref _rowOfItem, item);
        Superseded += _rowOfItem[item] > 0 ? 1 : 0;
        Volatile.Write(ref _rowOfItem[item], row + 1);
    }

    internal void Remove(int item)
    {
        if (RowOf(item) >= 0)
        {
            Superseded++;
            Volatile.Write(ref _rowOfItem[item], 0);
        }
    }

    private static void Grow(ref int[] array, int index)
    {
        if (index >= array.Length)
        {
            var larger = new int[Math.Max(1024, Math.Max(index + 1, array.Length * 2))];
            array.CopyTo(larger, 0);
            Volatile.Write(ref array, larger);
        }
    }
}
