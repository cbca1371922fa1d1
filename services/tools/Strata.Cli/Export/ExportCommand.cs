using System.CommandLine;
using System.Globalization;
using StackExchange.Redis;
using Strata.Cli.Frame;
using Strata.Evaluator.Reports;
using Strata.Streaming.Archiving;

namespace Strata.Cli.Export;

/// <summary><c>strata export</c>: what the system has made of its users, for other tools.</summary>
internal static class ExportCommand
{
    public static Command CreateGroup()
        => new Command("export", "Write what the system knows for other tools: the matrix of users and layers.") { Matrix() };

    private static StrataCommand Matrix()
    {
        var format = new Option<MatrixFormat>("--format")
        {
            Description = "parquet or csv.",
            DefaultValueFactory = _ => MatrixFormat.Parquet,
        };
        var file = new Option<FileInfo>("--out")
        {
            Description = "File of the matrix; one of that name is replaced once the new one is whole. Its layers go to FILE.layers.csv.",
            HelpName = "FILE",
            Required = true,
        };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [var named] && Directory.Exists(named.Value))
            {
                result.AddError($"--out: '{named.Value}' is a folder. Name a file.");
            }
        });
        var settings = new Option<FileInfo>("--settings")
        {
            Description = "Ranking's appsettings.json, where Ranking:Index, Candidates, Scoring or Slates are not the defaults.",
        };
        settings.AcceptExistingOnly();
        var stack = new StackOptions();
        var command = new StrataCommand(
            "matrix",
            "Write users × layers: interest at both horizons and the probability of recommending from each, as Parquet or CSV.",
            "strata export matrix --out matrix.parquet --kafka localhost:9092 --redis localhost:6379",
            "strata export matrix --format csv --out matrix.csv")
        {
            format, file, settings,
        };
        stack.AddBroker(command);
        stack.AddStore(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            await using var store = await ConnectionMultiplexer.ConnectAsync(stack.Store(parsed));
            using var logs = new LogArchive(stack.Client(parsed));
            await using var ranking = new RankingCopy(parsed.GetValue(settings), TimeProvider.System);
            var report = await session.WithProgressAsync(
                async progress =>
                {
                    await ranking.LoadAsync(logs, progress, cancellationToken);
                    return await WriteAsync(
                        parsed.GetValue(file)!, parsed.GetValue(format), store, ranking, progress, cancellationToken);
                },
                cancellationToken);
            await session.ReportAsync(report, ExportReport.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<ExportReport> WriteAsync(
        FileInfo file,
        MatrixFormat format,
        IConnectionMultiplexer store,
        RankingCopy ranking,
        IEvaluationProgress progress,
        CancellationToken cancellationToken)
    {
        var (part, layers) = (new FileInfo(file.FullName + ".part"), new FileInfo(file.FullName + ".layers.csv"));
        try
        {
            (long Users, long Rows, long Unreadable) written;
            await using (var stream = part.Create())
            await using (var writer = await WriterAsync(format, stream, ranking, cancellationToken))
            {
                written = await new MatrixExport(store, ranking).RunAsync(writer, progress.Begin("matrix", 0, "users"), cancellationToken);
            }

            await LayerFile.WriteAsync(layers, ranking.View);
            part.MoveTo(file.FullName, overwrite: true);
            return new ExportReport(
                file.FullName,
                layers.FullName,
                ranking.View.Layers.Version,
                ranking.View.Layers.Count,
                written.Users,
                written.Rows,
                written.Unreadable);
        }
        catch
        {
            // Half a matrix looks like a whole one of fewer users.
            part.Delete();
            throw;
        }
    }

    private static async Task<IMatrixWriter> WriterAsync(
        MatrixFormat format, Stream stream, RankingCopy ranking, CancellationToken cancellationToken)
        => format == MatrixFormat.Csv
            ? new CsvMatrix(stream)
            : await ParquetMatrix.CreateAsync(
                stream,
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["strata.layers.version"] = ranking.View.Layers.Version.ToString(CultureInfo.InvariantCulture),
                    ["strata.layers"] = ranking.View.Layers.Count.ToString(CultureInfo.InvariantCulture),
                    ["strata.exported"] = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
                },
                cancellationToken);
}
