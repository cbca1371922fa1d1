using System.CommandLine;
using Grpc.Core;
using Spectre.Console;
using Strata.Evaluator.Datasets;

namespace Strata.Cli.Replay;

/// <summary><c>strata replay FOLDER</c>: sends a data set through Ingestion, as any producer would.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("FOLDER") { Description = "Folder with items*.csv or items*.jsonl and, if there are events, events*.csv; gzipped or not." };
        folder.AcceptExistingOnly();
        var ingestion = AddressOption.Create("--ingestion", "gRPC address of Ingestion.", "http://localhost:5081");
        var rate = new Option<double>("--rate") { Description = "Events a second; 0: as fast as they are acknowledged.", DefaultValueFactory = _ => 0 };
        var limit = new Option<int>("--limit") { Description = "Stop after this many events; 0: all.", DefaultValueFactory = _ => 0 };
        var summary = new Option<FileInfo?>("--summary") { Description = "Write the summary as JSON to this file." };
        var command = new Command("replay", "Send a data set through the Ingestion service, in the order in which it happened.") { folder, ingestion, rate, limit, summary };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var console = AnsiConsole.Console;
            try
            {
                var dataset = Dataset.Open(parsed.GetValue(folder)!.FullName, parsed.GetValue(limit));
                console.MarkupLineInterpolated($"{dataset.Items.Count:N0} items and {dataset.Events.Count:N0} events to {parsed.GetValue(ingestion)}");
                var result = await new Replayer(parsed.GetValue(ingestion)!, parsed.GetValue(rate)).RunAsync(dataset, console, cancellationToken);
                result.Print(console);
                if (parsed.GetValue(summary) is { } file)
                {
                    await result.WriteAsync(file, cancellationToken);
                }

                return result.Rejected == 0 ? 0 : 3;
            }
            catch (DatasetException fault)
            {
                console.MarkupLineInterpolated($"[red]{fault.Message}[/]");
                return 2;
            }
            catch (RpcException fault)
            {
                console.MarkupLineInterpolated($"[red]Ingestion at {parsed.GetValue(ingestion)} answered {fault.StatusCode}: {fault.Status.Detail}[/]");
                return 1;
            }
        });
        return command;
    }
}
