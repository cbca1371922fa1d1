using System.CommandLine;
using Strata.Chaos;
using Strata.Chaos.Faults;
using Strata.Chaos.Serving;
using Strata.Chaos.Stack;
using Strata.Cli.Frame;

namespace Strata.Cli.Chaos;

/// <summary><c>strata chaos</c>: does a running system harm, and holds it to what it promises.</summary>
internal static class ChaosCommand
{
    /// <summary>Environment variable with the script that starts brokers.</summary>
    public const string KafkaVariable = "STRATA_CHAOS_KAFKA";

    public static Command Create()
    {
        var faults = new Option<int>("--faults") { Description = "How many faults.", DefaultValueFactory = _ => 30 };
        var seed = new Option<int>("--seed") { Description = "Draws faults and traffic.", DefaultValueFactory = _ => 1 };
        var only = new Option<FaultKind[]>("--only") { Description = "Kinds of faults to draw; all when none is named." };
        var instances = new Option<int>("--instances") { Description = "Instances of each service.", DefaultValueFactory = _ => 1 };
        var nodes = new Option<int>("--nodes") { Description = "Brokers.", DefaultValueFactory = _ => 1 };
        var primaries = new Option<int>("--primaries")
        {
            Description = "Primaries of a Redis Cluster, with a replica each; 0: one Redis alone.",
            DefaultValueFactory = _ => 0,
        };
        var longest = new Option<double>("--longest")
        {
            Description = "Seconds that anything hangs or is away at most.",
            DefaultValueFactory = _ => 45,
        };
        var recovery = new Option<double>("--recovery")
        {
            Description = "Seconds within which everything is fresh again: the stall limit, ten, and a session.",
            DefaultValueFactory = _ => 30,
        };
        var piece = new Option<double>("--piece")
        {
            Description = "Minutes after which what was done is compared, and the rest done with the next seed.",
            DefaultValueFactory = _ => 60,
        };
        var rate = new Option<double>("--rate") { Description = "Events a second.", DefaultValueFactory = _ => 20 };
        var kafka = new Option<string>("--kafka")
        {
            Description = $"Script with the verbs start, stop, kill, up, pause and resume of brokers; else {KafkaVariable} names it.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(KafkaVariable) ?? "",
        };
        var redis = new Option<string>("--redis") { Description = "Executable of Redis.", DefaultValueFactory = _ => "redis-server" };
        var scenario = new Option<string>("--scenario")
        {
            Description = "faults: drawn ones, compared; serving: a client that asks 50 times a second while brokers, the store and each "
                + "instance are away in turn.",
            DefaultValueFactory = _ => "faults",
        };
        scenario.AcceptOnlyFromAmong("faults", "serving");
        var broker = new Option<double>("--without-broker")
        {
            Description = "Seconds without brokers in the scenario serving.",
            DefaultValueFactory = _ => 60,
        };
        var store = new Option<double>("--without-store")
        {
            Description = "Seconds without the store in the scenario serving.",
            DefaultValueFactory = _ => 180,
        };
        var report = new Option<FileInfo?>("--report") { Description = "File for the report as JSON." };
        var keep = new Option<bool>("--keep") { Description = "Keep the files of brokers and stores and the services' output." };
        var command = new StrataCommand(
            "chaos",
            "Run all services on real brokers and a real Redis, do them harm, and compare what they leave with an undisturbed run.",
            "strata chaos --faults 30 --seed 1 --kafka ./kafka --longest 8",
            "strata chaos --faults 1000 --seed 7 --instances 3 --nodes 3 --report chaos.json",
            "strata chaos --scenario serving --instances 3")
        {
            scenario, faults, seed, only, instances, nodes, primaries, longest, recovery, piece, rate, broker, store, kafka, redis, report,
            keep,
        };
        kafka.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { Length: > 0 } script || !File.Exists(script))
            {
                result.AddError(
                    $"--kafka: script '{result.GetValueOrDefault<string>()}' does not exist. Name one, or set {KafkaVariable}.");
            }
        });
        command.Does(async (parsed, session, cancellationToken) =>
        {
            var work = Directory.CreateTempSubdirectory("strata-chaos-");
            var options = new CampaignOptions
            {
                Faults = parsed.GetValue(faults),
                Seed = parsed.GetValue(seed),
                Instances = parsed.GetValue(instances),
                Nodes = parsed.GetValue(nodes),
                Primaries = parsed.GetValue(primaries),
                LongestOutage = TimeSpan.FromSeconds(parsed.GetValue(longest)),
                Longest = TimeSpan.FromMinutes(parsed.GetValue(piece)),
                Recovery = TimeSpan.FromSeconds(parsed.GetValue(recovery)),
                Rate = parsed.GetValue(rate),
                Kafka = Path.GetFullPath(parsed.GetValue(kafka)!),
                Redis = parsed.GetValue(redis)!,
                Work = work.FullName,
            };
            var broken = 0;
            if (parsed.GetValue(scenario) == "serving")
            {
                var served = await new ServingScenario(options, session.Tell)
                {
                    WithoutBroker = TimeSpan.FromSeconds(parsed.GetValue(broker)),
                    WithoutStore = TimeSpan.FromSeconds(parsed.GetValue(store)),
                }.RunAsync(cancellationToken);
                await session.ReportAsync(served, ServingTable.Print, cancellationToken);
                await WriteAsync(served);
                broken = served.Violations.Count;
            }
            else
            {
                var done = new List<CampaignReport>();
                await foreach (var one in CampaignPieces.RunAsync(options, parsed.GetValue(keep), RunAsync))
                {
                    // After each: hours of one piece must not be lost with the next.
                    done.Add(one);
                    await WriteAsync(done);
                }

                await session.ReportAsync(done, ChaosTable.Print, cancellationToken);
                broken = done.Sum(one => one.Violations.Count);
            }

            if (parsed.GetValue(keep) || broken > 0)
            {
                session.Tell($"Files and logs: {work.FullName}");
            }
            else
            {
                work.Delete(recursive: true);
            }

            return broken == 0 ? ExitCode.Done : ExitCode.Failed;

            Task<CampaignReport> RunAsync(CampaignOptions part)
                => new Campaign(part, session.Tell) { Only = parsed.GetValue(only) ?? [] }.RunAsync(cancellationToken);

            async Task WriteAsync<T>(T result)
            {
                if (parsed.GetValue(report) is { } file)
                {
                    await Evaluator.Reports.ReportJson.WriteAsync(file, result, cancellationToken);
                }
            }
        });
        return command;
    }
}
