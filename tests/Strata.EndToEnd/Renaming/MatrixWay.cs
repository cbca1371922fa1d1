using System.Globalization;
using System.Text.Json;
using Grpc.Net.Client;
using Parquet;
using Strata.Cli.Frame;
using Strata.Contracts.Layers.V1;
using Strata.EndToEnd.Harness;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;

namespace Strata.EndToEnd.Renaming;

/// <summary>
/// The matrix of users and layers, exported from a running system: what Ranking says of each user, by the name the store has.
/// </summary>
internal static class MatrixWay
{
    /// <summary>
    /// Exports as CSV and as Parquet, and compares every user's row with the call's: the largest total variation between their
    /// probabilities, 0 to 1; 1 also where interests are others.
    /// </summary>
    /// <param name="names">By id, the name that the user's state lies under.</param>
    public static async Task<double> DifferenceAsync(
        IBroker broker,
        TestStore store,
        DirectoryInfo folder,
        GrpcChannel ranking,
        IReadOnlyDictionary<string, string> names,
        CancellationToken cancellationToken)
    {
        var (csv, parquet) = (Path.Combine(folder.FullName, "matrix.csv"), Path.Combine(folder.FullName, "matrix.parquet"));
        var report = await ExportAsync("csv", csv);
        var cells = (await File.ReadAllLinesAsync(csv, cancellationToken)).Skip(1).Select(line => line.Split(','))
            .ToDictionary(
                cell => (User: cell[0], Layer: uint.Parse(cell[1], CultureInfo.InvariantCulture)),
                cell => (LongInterest: Number(cell[2]), Probability: Number(cell[4])));
        Assert.Equal(cells.Count, report.GetProperty("cells").GetInt64());
        Assert.Equal(cells.Keys.Select(cell => cell.User).Distinct().Order(), names.Values.Order());

        var again = await ExportAsync("parquet", parquet);
        await using var reader = await ParquetReader.CreateAsync(parquet, cancellationToken: cancellationToken);
        var rows = Enumerable.Range(0, reader.RowGroupCount).Sum(group => reader.OpenRowGroupReader(group).RowCount);
        Assert.Equal(rows, again.GetProperty("cells").GetInt64());
        Assert.False(File.Exists(csv + ".part") || File.Exists(parquet + ".part"));

        var layers = (await File.ReadAllLinesAsync(csv + ".layers.csv", cancellationToken)).Skip(1).Select(line => line.Split(',')[0])
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(cells.Keys, cell => Assert.Contains(cell.Layer.ToString(CultureInfo.InvariantCulture), layers));

        // What is learned meanwhile moves probabilities: the caller looks again. Of items that are alike in all respects each copy of the
        // catalogue proposes those that it heard of first, so two of them may differ by some of the scores' mass.
        var calls = new Layers.LayersClient(ranking);
        var worst = 0.0;
        foreach (var (id, name) in names)
        {
            var row = await calls.GetUserLayersAsync(new GetUserLayersRequest { UserId = id }, cancellationToken: cancellationToken);
            var said = row.Layers.ToDictionary(layer => layer.LayerId);
            var own = cells.Where(cell => cell.Key.User == name).ToDictionary(cell => cell.Key.Layer, cell => cell.Value);
            worst = Math.Max(worst, said.Keys.Union(own.Keys).Sum(
                layer => Math.Abs((said.GetValueOrDefault(layer)?.Probability ?? 0) - own.GetValueOrDefault(layer).Probability)) / 2);
            worst = said.Values.All(
                layer => Math.Abs(layer.LongInterest - own.GetValueOrDefault(layer.LayerId).LongInterest) < 1e-5) ? worst : 1;
        }

        TestContext.Current.SendDiagnosticMessage("rows differ by {0:0.0000} at most", worst);
        return worst;

        async Task<JsonElement> ExportAsync(string format, string file)
        {
            var (code, output, said) = await StrataTool.RunAsync(
            [
                "export", "matrix", "--format", format, "--out", file,
                "--kafka", broker.BootstrapServers, "--redis", store.ConnectionString,
            ]);
            Assert.True(code == ExitCode.Done, said);
            return JsonDocument.Parse(output).RootElement;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
