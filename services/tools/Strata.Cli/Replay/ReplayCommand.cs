using System.CommandLine;
using Grpc.Core;
using Strata.Cli.Frame;
using Strata.Evaluator.Datasets;

namespace Strata.Cli.Replay;

/// <summary><c>strata replay FOLDER</c>: sends a data set through Ingestion, as any producer would.</summary>
internal static class ReplayCommand
{
    public static StrataCommand Create()
    {
        var folder = new Argument<DirectoryInfo>("FOLDER")
        {
            Description = "Folder with items*.csv or items*.jsonl and, if there are events, events*.csv; gzipped or not.",
        };
        folder.AcceptExistingOnly();
        var events = new Option<FileInfo>("--events")
        {
            Description = "Events file in place of the folder's, or a shop's order lines (InvoiceNo, StockCode, ...) as they come.",
        };
        events.AcceptExistingOnly();
        var ingestion = AddressOption.Create("--ingestion", "gRPC address of Ingestion.", "http://localhost:5081");
        var rate = new Option<double>("--rate")
        {
            Description = "Events a second; 0: as fast as they are acknowledged.",
            DefaultValueFactory = _ => 0,
        };
        var limit = new Option<int>("--limit") { Description = "Stop after this many events; 0: all.", DefaultValueFactory = _ => 0 };
        var command = new StrataCommand(
            "replay",
            "Send a data set through the Ingestion service, in the order in which it happened.",
            "strata replay services/Strata.Local/Sample --ingestion http://localhost:5081",
            "strata replay data/shop --events data/shop/orders.csv",
            "strata replay data/shop --rate 50 --limit 1000 --json replay.json")
        {
            folder, events, ingestion, rate, limit,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var address = parsed.GetValue(ingestion)!;
            var dataset = Dataset.Open(parsed.GetValue(folder)!.FullName, parsed.GetValue(limit), parsed.GetValue(events)?.FullName);
            session.Tell($"{dataset.Items.Count:N0} items and {dataset.Events.Count:N0} events to {address}");
            var replayer = new Replayer(address, parsed.GetValue(rate));
            try
            {
                var summary = await session.WithProgressAsync(
                    progress => replayer.RunAsync(dataset, progress, cancellationToken),
                    cancellationToken);
                await session.ReportAsync(summary, ReplaySummary.Print, cancellationToken);
                return summary.Rejected == 0 ? ExitCode.Done : ExitCode.Failed;
            }
            catch (RpcException fault)
            {
                throw new ServiceException("Ingestion", address, fault);
            }
        });
        return command;
    }
}
