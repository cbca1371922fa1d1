using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Evaluator.Drift;
using Strata.Evaluator.Reports;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate drift</c>.</summary>
internal static class DriftCommand
{
    private static readonly double[] Sigmas = [1.2, 2.0];

    public static Command Create()
    {
        var sigma = new Option<double?>("--sigma") { Description = "Length of the noise. [default: 1.2 and 2.0]" };
        var scenario = new Option<DriftScenario?>("--scenario") { Description = "How the topics behave. [default: all]" };
        var seed = EvaluateOptions.Seed();
        var json = EvaluateOptions.Json();
        sigma.Validators.Add(result =>
        {
            if (result.GetValue(sigma) is not (null or > 0 and < 10))
            {
                result.AddError("--sigma must lie between 0 and 10.");
            }
        });
        var command = new Command("drift", "Stream planted topics that stay, turn, die and are born, beside the rules of scikit-learn and Spark.") { sigma, scenario, seed, json };
        command.SetAction((parsed, cancellationToken) => EvaluateCommand.RunAsync(async console =>
        {
            var sigmas = parsed.GetValue(sigma) is { } one ? [one] : Sigmas;
            var scenarios = parsed.GetValue(scenario) is { } only ? [only] : Enum.GetValues<DriftScenario>();
            var lines = await ProgressBars.RunAsync(console, progress => Task.Run(
                () =>
                {
                    var evaluation = new DriftEvaluation(progress);
                    var found = new List<DriftLine>();
                    foreach (var (length, behaviour) in sigmas.SelectMany(length => scenarios.Select(behaviour => (length, behaviour))))
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        found.AddRange(evaluation.Run(behaviour, length, parsed.GetValue(seed)));
                    }

                    return found;
                },
                cancellationToken));
            Print(console, lines);
            if (parsed.GetValue(json) is { } file)
            {
                await ReportJson.WriteAsync(file, lines, cancellationToken);
            }
        }));
        return command;
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<DriftLine> lines)
    {
        console.Profile.Width = Math.Max(console.Profile.Width, 120);
        foreach (var stream in lines.GroupBy(line => (line.Scenario, line.Sigma, line.Seed)))
        {
            console.MarkupLineInterpolated($"[bold]{stream.Key.Scenario}[/], sigma {stream.Key.Sigma.ToString("F1", CultureInfo.InvariantCulture)}, seed {stream.Key.Seed}: batches 100–200");
            var table = new Table().Border(TableBorder.Simple);
            table.AddColumns("method", "inertia / oracle", "ARI", "NMI", "coverage", "moves", "of them late", "ms/batch");
            foreach (var line in stream)
            {
                table.AddRow(
                    line.Method, Number(line.InertiaOverOracle, 4), Number(line.Ari, 3), Number(line.Nmi, 3), Number(line.Coverage, 3),
                    line.Moves?.ToString(CultureInfo.InvariantCulture) ?? "", line.LateMoves.ToString(CultureInfo.InvariantCulture), Number(line.MillisecondsPerBatch, 1));
            }

            console.Write(table);
        }
    }

    private static string Number(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
