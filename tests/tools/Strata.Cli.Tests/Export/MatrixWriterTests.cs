using Parquet;
using Strata.Cli.Export;

namespace Strata.Cli.Tests.Export;

/// <summary>A matrix in both formats, read again.</summary>
[Trait("height", "unit")]
public sealed class MatrixWriterTests
{
    private static readonly MatrixRow[] Rows =
    [
        new("ann", 7, .75f, .5f, .6f),
        new("ann", 9, .25f, .5f, .4f),
        new("b,\"ob", 7, 0, 1e-7f, 1),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parquet_MoreRowsThanAGroupHolds_HasThemAllInTheirOrderAndSaysOfWhatItIs()
    {
        using var stream = new MemoryStream();
        var facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["strata.layers.version"] = "41" };

        await using (var writer = await ParquetMatrix.CreateAsync(stream, facts, Cancel, groupRows: 2))
        {
            await writer.WriteAsync(Rows[..1], Cancel);
            await writer.WriteAsync(Rows[1..], Cancel);
        }

        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(stream.ToArray()), cancellationToken: Cancel);
        Assert.Equal("41", reader.CustomMetadata["strata.layers.version"]);
        Assert.Equal(2, reader.RowGroupCount);
        var read = new List<MatrixRow>();
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            read.AddRange(await RowsAsync(reader, group));
        }

        Assert.Equal(Rows, read);
    }

    [Fact]
    public async Task Csv_OfNamesWithCommasAndQuotes_QuotesThem()
    {
        using var stream = new MemoryStream();

        await using (var writer = new CsvMatrix(stream))
        {
            await writer.WriteAsync(Rows, Cancel);
        }

        Assert.Equal(
            [
                "user,layer_id,long_interest,short_interest,probability",
                "ann,7,0.75,0.5,0.6",
                "ann,9,0.25,0.5,0.4",
                "\"b,\"\"ob\",7,0,1E-07,1",
            ],
            System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<IEnumerable<MatrixRow>> RowsAsync(ParquetReader reader, int group)
    {
        using var rows = reader.OpenRowGroupReader(group);
        var count = (int)rows.RowCount;
        var (users, layers) = (new string?[count], new int[count]);
        var (longs, shorts, probabilities) = (new float[count], new float[count], new float[count]);
        var fields = reader.Schema.DataFields;
        await rows.ReadAsync(fields[0], users, cancellationToken: Cancel);
        await rows.ReadAsync<int>(fields[1], layers, cancellationToken: Cancel);
        await rows.ReadAsync<float>(fields[2], longs, cancellationToken: Cancel);
        await rows.ReadAsync<float>(fields[3], shorts, cancellationToken: Cancel);
        await rows.ReadAsync<float>(fields[4], probabilities, cancellationToken: Cancel);
        return Enumerable.Range(0, count).Select(i => new MatrixRow(users[i]!, (uint)layers[i], longs[i], shorts[i], probabilities[i]));
    }
}
