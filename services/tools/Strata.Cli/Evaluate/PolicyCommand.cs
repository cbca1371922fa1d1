using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Strata.Cli.Frame;
using Strata.Evaluator.Policies;

namespace Strata.Cli.Evaluate;

/// <summary><c>strata evaluate policy</c>.</summary>
internal static class PolicyCommand
{
    private static readonly int[] Seeds = [11, 12, 13];

    public static StrataCommand Create()
    {
        var users = new Option<int>("--users") { Description = "Simulated users.", DefaultValueFactory = _ => PolicySimulation.Users };
        var seed = new Option<int?>("--seed") { Description = "Seed of the world and of chance. [default: 11, 12 and 13]" };
        users.Validators.Add(result =>
        {
            if (result.GetValue(users) is < 10 or > 100_000)
            {
                result.AddError("--users must lie between 10 and 100000.");
            }
        });
        var command = new StrataCommand(
            "policy",
            "Simulate users whose tastes change, and compare layer policies with an oracle that knows every click rate.",
            "strata evaluate policy --json policy.json",
            "strata evaluate policy --users 200 --seed 4")
        {
            users, seed,
        };
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var seeds = parsed.GetValue(seed) is { } one ? [one] : Seeds;
            var lines = await session.WithProgressAsync(
                progress => Task.Run(
                    () =>
                    {
                        var simulation = new PolicySimulation(progress);
                        var found = new List<PolicyLine>();
                        foreach (var number in seeds)
                        {
                            var world = PolicyWorld.Of(number, parsed.GetValue(users), PolicySimulation.Layers);
                            foreach (var policy in PolicySimulation.All(world.Users, world.Layers))
                            {
                                cancellationToken.ThrowIfCancellationRequested();
                                found.Add(simulation.Run(policy, world, number));
                            }
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

    private static void Print(IAnsiConsole console, List<PolicyLine> lines)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("policy", "of the oracle's clicks", "by seed", "before the change", "at the end", "click rate");
        foreach (var policy in lines.GroupBy(line => line.Policy))
        {
            table.AddRow(
                policy.Key,
                Number(policy.Average(line => line.OfOracle), 3),
                string.Join(' ', policy.Select(line => Number(line.OfOracle, 3))),
                Number(policy.Average(line => line.BeforeChange), 3),
                Number(policy.Average(line => line.AtTheEnd), 3),
                Number(policy.Average(line => line.ClickRate), 4));
        }

        console.Write(table);
    }

    private static string Number(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
