using System.CommandLine;
using Spectre.Console;
using Strata.Evaluator.Datasets;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate</c>: measures recommendations, layers and search on a data set, with no broker and no store.</summary>
internal static class EvaluateCommand
{
    public static Command Create() => new("evaluate", "Replay a data set through Strata's pure cores and measure what comes out beside simple methods.")
    {
        RankingCommand.Create(),
        LayersCommand.Create(),
        DriftCommand.Create(),
        SearchCommand.Create(),
    };

    /// <summary>Runs an evaluation; a data set that cannot be read ends it with the reason.</summary>
    internal static async Task<int> RunAsync(Func<IAnsiConsole, Task> evaluate)
    {
        var console = AnsiConsole.Console;
        try
        {
            await evaluate(console);
            return 0;
        }
        catch (DatasetException fault)
        {
            console.MarkupLineInterpolated($"[red]{fault.Message}[/]");
            return 2;
        }
        catch (OperationCanceledException)
        {
            console.MarkupLine("[yellow]cancelled[/]");
            return 130;
        }
    }
}
