using System.CommandLine;
using Strata.Cli.Doctor;
using Strata.Cli.Doctor.Core;
using Strata.Cli.Frame;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Topology;

/// <summary><c>strata topics</c>: holds topics against what Strata needs, makes those that are missing, sets what can be set.</summary>
internal static class TopicsCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static Command CreateGroup()
        => new Command("topics", "Check, make and repair topics.")
        {
            Create(
                "check",
                "Say what is wrong with topics: partitions, cleanup.policy, retention, replication, min.insync.replicas.",
                (_, _) => Task.FromResult<IReadOnlyList<string>>([])),
            Create(
                "create",
                "Make topics that are missing, with the brokers' own replication; services need not have the right then.",
                CreateAsync),
            Create(
                "repair",
                "Make topics that are missing, and set cleanup.policy, retention and the like as they should be; partitions and replicas "
                    + "are left as they are, since keys lie by the one and disks are chosen for the other.",
                async (inspector, cluster) => [.. await CreateAsync(inspector, cluster), .. await RepairAsync(inspector, cluster)]),
        };

    private static StrataCommand Create(
        string name, string description, Func<BrokerInspector, InspectedCluster, Task<IReadOnlyList<string>>> work)
    {
        var stack = new StackOptions();
        var command = new StrataCommand(name, description, $"strata topics {name} --kafka localhost:9092");
        stack.AddBroker(command);
        command.Does(async (parsed, session, cancellationToken) =>
        {
            using var inspector = new BrokerInspector(stack.Client(parsed));
            var cluster = await inspector.ClusterAsync();
            foreach (var done in await work(inspector, cluster))
            {
                session.Tell(done);
            }

            var findings = TopicDiagnosis.Of(await inspector.ClusterAsync()).ToList();
            await session.ReportAsync<IReadOnlyList<Finding>>(findings, DoctorCommand.Print, cancellationToken);
            return findings.Exists(finding => finding.Severity == Severity.Error) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<string>> CreateAsync(BrokerInspector inspector, InspectedCluster cluster)
    {
        var missing = BrokerInspector.Planned.Select(topic => topic.Name).Where(topic => !cluster.Topics.ContainsKey(topic)).ToList();
        if (missing.Count > 0)
        {
            await inspector.CreateAsync(missing);
            await UntilKnownAsync(inspector, missing);
        }

        return [.. missing.Select(topic => $"{topic}: made")];
    }

    // A broker may not know yet what the controller has made; what is said of topics afterwards would be that they are missing.
    private static async Task UntilKnownAsync(BrokerInspector inspector, IReadOnlyList<string> made)
    {
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Patience;)
        {
            var known = (await inspector.ClusterAsync()).Topics;
            if (made.All(topic => known.TryGetValue(topic, out var found) && found is { Leaderless: 0, Settings.Count: > 0 }))
            {
                return;
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private static async Task<IReadOnlyList<string>> RepairAsync(BrokerInspector inspector, InspectedCluster cluster)
    {
        var done = new List<string>();
        foreach (var planned in BrokerInspector.Planned.Where(topic => cluster.Topics.ContainsKey(topic.Name)))
        {
            var repairs = TopicDiagnosis.Repairs(planned, cluster.Topics[planned.Name]);
            if (repairs.Count > 0)
            {
                await inspector.SetAsync(planned.Name, repairs);
                done.Add($"{planned.Name}: {string.Join(", ", repairs.Select(setting => $"{setting.Key}={setting.Value}"))}");
            }
        }

        return done;
    }
}
