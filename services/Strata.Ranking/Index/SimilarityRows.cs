using System.Collections.Concurrent;

namespace Strata.Ranking.Index;

/// <summary>
/// Remembers the cosines of often used items to all items. Everything that a request asks about a user's items is a sum or a maximum of such rows, so
/// a warm request adds 64 rows instead of multiplying its way through the catalogue. Rows of the store never change: a remembered row is never wrong, only too short.
/// When half of the budget is full, the rows used since then stay and the others are forgotten.
/// </summary>
internal sealed class SimilarityRows(VectorStore store, long budgetBytes)
{
    private ConcurrentDictionary<int, Row> _young = new();
    private ConcurrentDictionary<int, Row> _old = new();
    private long _youngBytes;

    public ReadOnlySpan<float> Get(int row, int rows)
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
