using System.Buffers;
using System.Collections.Concurrent;
using Strata.Numerics;

namespace Strata.Ranking.Index.Vectors;

/// <summary>
/// Remembers the cosines of often used items to all items. Everything that a request asks about a user's items is a sum or a maximum of
/// such rows, so a warm request adds 64 rows instead of multiplying its way through the catalogue. Rows of the store never change: a
/// remembered row is never wrong, only too short. When half of the budget is full, the rows used since then stay and the others are
/// forgotten.
/// </summary>
internal sealed class SimilarityRows(long budgetBytes)
{
    // Fewer missing rows than this are scanned one by one.
    private const int WorthPacking = 4;

    // Rows of the store that are multiplied at once: their products stay in the cache until they are transposed.
    private const int BlockRows = 256;

    private ConcurrentDictionary<int, Row> _young = new();
    private ConcurrentDictionary<int, Row> _old = new();
    private long _youngBytes;

    public ReadOnlySpan<float> Get(VectorStore store, int row, int rows)
    {
        var young = Volatile.Read(ref _young);
        if (!young.TryGetValue(row, out var found))
        {
            if (!Volatile.Read(ref _old).TryGetValue(row, out found))
            {
                found = new Row(rows);
            }

            Keep(young, row, found);
        }

        if (found.Values.Length < rows)
        {
            var larger = new Row(rows) { Count = found.Count };
            found.Values.AsSpan(0, larger.Count).CopyTo(larger.Values);
            young[row] = larger;
            Interlocked.Add(ref _youngBytes, sizeof(float) * (larger.Values.Length - found.Values.Length));
            found = larger;
        }

        var count = Volatile.Read(ref found.Count);
        if (count < rows)
        {
            // Two requests may do this at once: they write the same numbers.
            store.Scan(store.Vector(row), count, found.Values.AsSpan(count, rows - count));
            Volatile.Write(ref found.Count, rows);
        }

        return found.Values.AsSpan(0, rows);
    }

    /// <summary>
    /// Computes those of <paramref name="wanted"/> that are not remembered, all at once: several times as fast as one by one.
    /// </summary>
    public void Prepare(VectorStore store, ReadOnlySpan<int> wanted, int rows)
    {
        var (young, old) = (Volatile.Read(ref _young), Volatile.Read(ref _old));
        var missing = new List<int>();
        foreach (var row in wanted)
        {
            if (!young.ContainsKey(row) && !old.ContainsKey(row) && !missing.Contains(row))
            {
                missing.Add(row);
            }
        }

        if (missing.Count < WorthPacking)
        {
            return;
        }

        var packed = Pack(store, missing);
        var found = missing.ConvertAll(_ => new Row(rows) { Count = rows });
        var products = ArrayPool<float>.Shared.Rent(BlockRows * packed.Stride);
        for (var from = 0; from < rows; from += BlockRows)
        {
            var count = Math.Min(BlockRows, rows - from);
            packed.Multiply(store.Block(from, count), products);
            for (var q = 0; q < found.Count; q++)
            {
                var values = found[q].Values.AsSpan(from, count);
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = products[(i * packed.Stride) + q];
                }
            }
        }

        ArrayPool<float>.Shared.Return(products);
        for (var q = 0; q < found.Count; q++)
        {
            Keep(Volatile.Read(ref _young), missing[q], found[q]);
        }
    }

    private static PanelMatrix Pack(VectorStore store, List<int> rows)
    {
        var vectors = new float[rows.Count * store.Dimension];
        for (var q = 0; q < rows.Count; q++)
        {
            store.Vector(rows[q]).CopyTo(vectors.AsSpan(q * store.Dimension));
        }

        return new PanelMatrix(vectors, store.Dimension);
    }

    private void Keep(ConcurrentDictionary<int, Row> young, int row, Row found)
    {
        if (!young.TryAdd(row, found) || Interlocked.Add(ref _youngBytes, sizeof(float) * found.Values.Length) < budgetBytes / 2)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _young, new ConcurrentDictionary<int, Row>(), young) == young)
        {
            Volatile.Write(ref _old, young);
            Interlocked.Exchange(ref _youngBytes, 0);
        }
    }

    private sealed class Row(int rows)
    {
        public readonly float[] Values = new float[((rows / VectorStore.ChunkRows) + 1) * VectorStore.ChunkRows];
        public int Count;
    }
}
