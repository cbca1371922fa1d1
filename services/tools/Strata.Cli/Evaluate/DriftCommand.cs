using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Cli.Frame;
using Strata.Evaluator.Drift;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate drift</c>.</summary>
internal static class DriftCommand
{
    private static readonly double[] Sigmas = [1.2, 2.0];

    public static StrataCommand Create()
    {
        var sigma = new Option<double?>("--sigma") { Description = "Length of the noise. [default: 1.2 and 2.0]" };
        var scenario = new Option<DriftScenario?>("--scenario") { Description = "How the topics behave. [default: all]" };
        var seed = EvaluateOptions.Seed();
        sigma.Validators.Add(result =>
        {
            if (result.GetValue(sigma) is not (null or > 0 and < 10))
            {
                result.AddError("--sigma must lie between 0 and 10.");
            }
        });
        var command = new StrataCommand(
            "drift",
            "Stream planted topics that stay, turn, die and are born, beside the rules of scikit-learn and Spark.",
            "strata evaluate drift --sigma 1.2 --scenario stationary --json drift.json",
            "strata evaluate drift --seed 2 --json > drift.json")
        {
            sigma, scenario, seed,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var sigmas = parsed.GetValue(sigma) is { } one ? [one] : Sigmas;
            var scenarios = parsed.GetValue(scenario) is { } only ? [only] : Enum.GetValues<DriftScenario>();
            var lines = await session.WithProgressAsync(
                progress => Task.Run(
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
                    cancellationToken),
                cancellationToken);
            await session.ReportAsync(lines, Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, List<DriftLine> lines)
    {
        foreach (var stream in lines.GroupBy(line => (line.Scenario, line.Sigma, line.Seed)))
        {
            var (scenario, sigma, seed) = stream.Key;
            console.MarkupLineInterpolated($"[bold]{scenario}[/], sigma {Number(sigma, 1)}, seed {seed}: batches 100–200");
            var table = new Table().Border(TableBorder.Simple);
            table.AddColumns("method", "inertia / oracle", "ARI", "NMI", "coverage", "moves", "of them late", "ms/batch");
            foreach (var line in stream)
            {
                table.AddRow(
                    line.Method,
                    Number(line.InertiaOverOracle, 4),
                    Number(line.Ari, 3),
                    Number(line.Nmi, 3),
                    Number(line.Coverage, 3),
                    line.Moves?.ToString(CultureInfo.InvariantCulture) ?? "",
                    line.LateMoves.ToString(CultureInfo.InvariantCulture),
                    Number(line.MillisecondsPerBatch, 1));
            }

            console.Write(table);
        }
    }

    private static string Number(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
