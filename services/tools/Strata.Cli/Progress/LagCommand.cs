using System.CommandLine;
using Strata.Cli.Frame;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Progress;

/// <summary><c>strata lag</c>: which consumer is behind, by records and by seconds.</summary>
internal static class LagCommand
{
    public static StrataCommand Create()
    {
        var stack = new StackOptions();
        var group = new Option<string?>("--group") { Description = "Only this consumer group." };
        var partitions = new Option<bool>("--partitions") { Description = "A row for each partition." };
        var most = new Option<double?>("--most")
        {
            Description = "Seconds; exit code 1 when a group is later than it holds back and these.",
        };
        var command = new StrataCommand(
            "lag",
            "Say how far each consumer group is behind: records, and seconds since the oldest of them arrived; the latest group first.",
            "strata lag --kafka localhost:9092",
            "strata lag --group featurizer-events --partitions --most 60")
        {
            group, partitions, most,
        };
        stack.AddBroker(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            using var inspector = new BrokerInspector(stack.Client(parsed));
            var positions = (await inspector.PositionsAsync(cancellationToken))
                .Where(position => parsed.GetValue(group) is not { } only || position.Group == only);
            var rows = LagReport.Of(positions, TimeProvider.System.GetUtcNow(), parsed.GetValue(partitions));
            await session.ReportAsync(rows, LagReport.Print, cancellationToken);
            return parsed.GetValue(most) is { } limit && rows.Any(row => row.Late > limit) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }
}
