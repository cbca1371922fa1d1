using System.Globalization;
using CsvHelper;

namespace Strata.Cli.Export;

/// <summary>The matrix as comma-separated values: a line with the names of the columns, then a line a cell.</summary>
internal sealed class CsvMatrix : IMatrixWriter
{
    private readonly CsvWriter _csv;

    public CsvMatrix(Stream stream)
    {
        _csv = new CsvWriter(new StreamWriter(stream), CultureInfo.InvariantCulture);
        foreach (var column in MatrixColumns.Names)
        {
            _csv.WriteField(column);
        }

        _csv.NextRecord();
    }

    public async ValueTask WriteAsync(IReadOnlyList<MatrixRow> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var row in rows)
        {
            _csv.WriteField(row.User);
            _csv.WriteField(row.LayerId);
            _csv.WriteField(row.LongInterest);
            _csv.WriteField(row.ShortInterest);
            _csv.WriteField(row.Probability);
            await _csv.NextRecordAsync();
        }
    }

    public ValueTask DisposeAsync() => _csv.DisposeAsync();
}
