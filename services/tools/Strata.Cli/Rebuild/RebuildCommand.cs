using System.CommandLine;
using System.Globalization;
using StackExchange.Redis;
using Strata.Cli.Frame;
using Strata.Streaming.Topology;

namespace Strata.Cli.Rebuild;

/// <summary><c>strata rebuild</c>: has what lies in the store made anew from the log, while everything serves.</summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var service = new Option<string>("--service") { Description = "Whose state.", DefaultValueFactory = _ => "all" };
        service.AcceptOnlyFromAmong(["all", .. StateKind.All.Select(kind => kind.Service).Distinct(StringComparer.Ordinal)]);
        var user = new Option<string?>("--user") { Description = "Only this user's state; else everybody's, and that of items." };
        var stack = new StackOptions();
        var snapshot = new Option<string?>("--snapshot")
        {
            Description = "Address of a Redis that runs on an older copy of the store: values are put back from it and read on from there.",
        };
        var accept = new Option<bool>("--accept-loss")
        {
            Description = "Rebuild also what the log no longer reaches back to; without it nothing is touched then.",
        };
        var command = new StrataCommand(
            "rebuild",
            "Make state in the store anew from the log, while all services run: one service's, one user's, or all.",
            "strata rebuild --user shopper-0001 --kafka localhost:9092 --redis localhost:6379",
            "strata rebuild --service clustering --snapshot localhost:6390")
        {
            service, user, snapshot, accept,
        };
        stack.AddBroker(command);
        stack.AddStore(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            await using var store = await ConnectionMultiplexer.ConnectAsync(stack.Store(parsed));
            await using var older = parsed.GetValue(snapshot) is { } address
                ? await ConnectionMultiplexer.ConnectAsync(stack.Store(parsed, address))
                : null;
            using var logs = new LogReach(stack.Client(parsed));

            var kinds = StateKind.All
                .Where(kind => parsed.GetValue(service) is "all" or null || kind.Service == parsed.GetValue(service))
                .Where(kind => kind.IsOfUsers || parsed.GetValue(user) is null);
            var work = new List<(StateKind Kind, IReadOnlyList<RebuildPlan> Plans)>();
            foreach (var kind in kinds)
            {
                work.Add((kind, await RebuildPlan.MakeAsync(kind, parsed.GetValue(user), store, older, logs, cancellationToken)));
            }

            var gone = work.SelectMany(part => part.Plans).Where(plan => plan.Gone > 0).ToArray();
            foreach (var plan in gone)
            {
                session.Tell(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{plan.Kind.Name}, partition {plan.Partition}: {plan.Gone:N0} records are gone: neither log nor snapshot has them"));
            }

            if (gone.Length > 0 && !parsed.GetValue(accept))
            {
                session.Tell("Nothing was touched. Give an older copy of the store with --snapshot, or --accept-loss.");
                var planned = new RebuildReport([.. work.Select(part => PartOf(part.Kind, part.Plans))]);
                await session.ReportAsync(planned, RebuildReport.Print, cancellationToken);
                return ExitCode.Failed;
            }

            var rebuilder = new Rebuilder(store, TimeProvider.System, session.Tell);
            var report = await session.WithProgressAsync(
                async progress =>
                {
                    var parts = new List<RebuildPart>();
                    foreach (var (kind, plans) in work)
                    {
                        var took = await rebuilder.RunAsync(kind, plans, progress, cancellationToken);
                        parts.Add(PartOf(kind, plans) with { Seconds = took.TotalSeconds });
                    }

                    return new RebuildReport(parts);
                },
                cancellationToken);
            await session.ReportAsync(report, RebuildReport.Print, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static RebuildPart PartOf(StateKind kind, IReadOnlyList<RebuildPlan> plans) => new()
    {
        State = kind.Name,
        Partitions = plans.Count,
        Values = plans.Sum(plan => plan.Values),
        FromSnapshot = plans.Sum(plan => plan.FromSnapshot),
        Gone = plans.Sum(plan => plan.Gone),
        Read = plans.Sum(plan => plan.Read),
    };
}
