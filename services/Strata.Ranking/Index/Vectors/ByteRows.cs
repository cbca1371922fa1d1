namespace Strata.Ranking.Index.Vectors;

/// <summary>How a row follows from its codes: gain · codes − share · mean.</summary>
/// <param name="Gain">What the codes are multiplied with.</param>
/// <param name="Share">What the mean is multiplied with before it is subtracted.</param>
/// <param name="OnMean">Product of the codes and the mean.</param>
internal readonly record struct RowScale(float Gain, float Share, float OnMean);

/// <summary>
/// Rows of bytes in chunks, which are only appended: whoever knows a row reads it whole. One writer; readers share what it writes.
/// </summary>
/// <param name="dimension">Bytes of a row.</param>
internal sealed class ByteRows(int dimension)
{
    private const int ChunkRows = 1024;

    private Chunk[] _chunks = [];

    public RowScale ScaleOf(int row) => _chunks[row / ChunkRows].Scales[row % ChunkRows];

    public ReadOnlySpan<sbyte> CodesOf(int row) => CodesOf(row, 1);

    /// <summary>The codes of some rows, one after the other: where they lie, or gathered.</summary>
    /// <param name="rows">One at least.</param>
    /// <param name="gathered">Takes those that do not follow one another in a chunk.</param>
    public ReadOnlySpan<sbyte> CodesOf(ReadOnlySpan<int> rows, Span<sbyte> gathered)
    {
        if (rows[0] / ChunkRows == rows[^1] / ChunkRows && FollowOneAnother(rows))
        {
            return CodesOf(rows[0], rows.Length);
        }

        for (var i = 0; i < rows.Length; i++)
        {
            CodesOf(rows[i]).CopyTo(gathered[(i * dimension)..]);
        }

        return gathered[..(rows.Length * dimension)];
    }

    /// <summary>Writer: row <paramref name="row"/>, which is one more than the last.</summary>
    public void Append(int row, ReadOnlySpan<sbyte> codes, RowScale scale)
    {
        if (row / ChunkRows == _chunks.Length)
        {
            _chunks = [.. _chunks, new Chunk(new sbyte[ChunkRows * dimension], new RowScale[ChunkRows])];
        }

        var chunk = _chunks[row / ChunkRows];
        codes.CopyTo(chunk.Codes.AsSpan(row % ChunkRows * dimension));
        chunk.Scales[row % ChunkRows] = scale;
    }

    private ReadOnlySpan<sbyte> CodesOf(int row, int count)
        => _chunks[row / ChunkRows].Codes.AsSpan(row % ChunkRows * dimension, count * dimension);

    private static bool FollowOneAnother(ReadOnlySpan<int> rows)
    {
        for (var i = 1; i < rows.Length; i++)
        {
            if (rows[i] != rows[i - 1] + 1)
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Chunk(sbyte[] Codes, RowScale[] Scales);
}
