using Parquet;
using Parquet.Schema;

namespace Strata.Cli.Export;

/// <summary>
/// The matrix as Apache Parquet, compressed by Zstandard. Rows are kept until a row group is full: that many are what it takes of memory,
/// however many there are.
/// </summary>
internal sealed class ParquetMatrix : IMatrixWriter
{
    /// <summary>Rows of a group: some megabytes.</summary>
    public const int GroupRows = 131_072;

    private readonly ParquetWriter _parquet;
    private readonly List<string> _users = [];
    private readonly List<MatrixRow> _rows = [];
    private readonly int _groupRows;

    private ParquetMatrix(ParquetWriter parquet, int groupRows) => (_parquet, _groupRows) = (parquet, groupRows);

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="facts">What the file says of itself.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="groupRows">Rows of a group.</param>
    public static async Task<ParquetMatrix> CreateAsync(
        Stream stream,
        IReadOnlyDictionary<string, string> facts,
        CancellationToken cancellationToken,
        int groupRows = GroupRows)
    {
        // Without a bound the writer keeps every buffer that it ever had.
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Zstd,
            MaximumSmallPoolFreeBytes = 16 << 20,
            MaximumLargePoolFreeBytes = 64 << 20,
        };
        var parquet = await ParquetWriter.CreateAsync(
            new ParquetSchema([.. MatrixColumns.All]), stream, options, cancellationToken: cancellationToken);
        parquet.CustomMetadata = facts;
        return new ParquetMatrix(parquet, groupRows);
    }

    public async ValueTask WriteAsync(IReadOnlyList<MatrixRow> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            _users.Add(row.User);
            _rows.Add(row);
            if (_rows.Count == _groupRows)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await FlushAsync(CancellationToken.None);
        await _parquet.DisposeAsync();
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_rows.Count == 0)
        {
            return;
        }

        using var group = _parquet.CreateRowGroup();
        await group.WriteAsync(MatrixColumns.User, _users);
        await WriteAsync(MatrixColumns.Layer, row => (int)row.LayerId);
        await WriteAsync(MatrixColumns.LongInterest, row => row.LongInterest);
        await WriteAsync(MatrixColumns.ShortInterest, row => row.ShortInterest);
        await WriteAsync(MatrixColumns.Probability, row => row.Probability);
        group.CompleteValidate();
        _users.Clear();
        _rows.Clear();

        Task WriteAsync<T>(DataField column, Func<MatrixRow, T> of)
            where T : struct
            => group.WriteAsync<T>(column, _rows.Select(of).ToArray(), cancellationToken: cancellationToken);
    }
}
