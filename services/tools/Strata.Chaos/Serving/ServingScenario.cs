using System.Diagnostics;
using Strata.Chaos.Promises;
using Strata.Chaos.Running;
using Strata.Chaos.Stack;

namespace Strata.Chaos.Serving;

/// <summary>
/// A client asks at a steady rate and a producer follows what it is told, while brokers are away, then the store, then every instance of
/// every service is restarted, one after the other: each call must bring a slate, and nothing that was acknowledged may be lost.
/// </summary>
internal sealed class ServingScenario(CampaignOptions options, Action<string> tell)
{
    private const int CallsPerSecond = 50;

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    private readonly ViolationLog _violations = new();
    private readonly List<ServingPhase> _phases = [];

    /// <summary>How long all brokers are away.</summary>
    public TimeSpan WithoutBroker { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the store is away.</summary>
    public TimeSpan WithoutStore { get; init; } = TimeSpan.FromSeconds(180);

    public async Task<ServingReport> RunAsync(CancellationToken cancellationToken)
    {
        _violations.Tell = violation => tell($"VIOLATION: {violation.What}");
        await using var system = await RunningSystem.StartAsync(options, _violations, tell, cancellationToken);
        var client = new SteadyClient(system.Fleet, _violations, options.Seed, CallsPerSecond);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var traffic = Task.WhenAll(system.Producer.RunAsync(end.Token), client.RunAsync(end.Token));
        await DuringAsync("nothing", () => Task.Delay(Calm, cancellationToken));
        await DuringAsync("all brokers", async () =>
        {
            await EachAsync(node => system.Kafka.KillAsync(node, cancellationToken));
            await Task.Delay(WithoutBroker, cancellationToken);

            // Together: the first one up waits for a majority.
            await EachAsync(node => system.Kafka.UpAsync(node, cancellationToken));
        });
        await DuringAsync("the store", async () =>
        {
            await Task.WhenAll(system.Store.Nodes.Select(node => node.KillAsync()));
            await Task.Delay(WithoutStore, cancellationToken);
            await Task.WhenAll(system.Store.Nodes.Select(node => node.StartAsync(cancellationToken)));
        });
        await DuringAsync("each instance for a restart", async () =>
        {
            foreach (var instance in system.Fleet.All)
            {
                if (await instance.StopAsync() is not 0 and var code)
                {
                    var ended = code is null ? "nothing in 45 s" : $"{code}";
                    _violations.Add("a stop is in good order", $"{instance.Name} ended with {ended}");
                }

                instance.Start();
                await instance.ReadyAsync(Grace, cancellationToken);
            }
        });
        await end.CancelAsync();
        await traffic;
        var lost = system.Tail.Missing(system.Producer.Acknowledged);
        if (lost.Count > 0)
        {
            _violations.Add("what was acknowledged is in the log", $"{lost.Count} events are not, {lost[0]} first");
        }

        return new ServingReport
        {
            Seed = options.Seed,
            Instances = options.Instances,
            Nodes = options.Nodes,
            Phases = _phases,
            Events = system.Producer.Acknowledged.Distinct(StringComparer.Ordinal).Count(),
            Retries = system.Producer.Retries,
            Lost = lost.Count,
            Violations = _violations.Found,
        };

        Task EachAsync(Func<int, Task> act) => Task.WhenAll(Enumerable.Range(1, system.Kafka.Nodes).Select(act));

        async Task DuringAsync(string name, Func<Task> away)
        {
            var began = Stopwatch.GetTimestamp();
            await away();
            var lasted = Stopwatch.GetElapsedTime(began);
            var (took, never, longest) = await system.Freshness.UntilFreshAsync(options.Recovery + Grace, cancellationToken);
            if (took > options.Recovery)
            {
                _violations.Add(
                    $"fresh again after {name}", $"{took.TotalSeconds:F1} s; missing last: {never ?? "nothing"}; longest: {longest}");
            }

            foreach (var ended in system.Fleet.All.Where(instance => instance.EndedByItself is not null))
            {
                _violations.Add("no service ends by itself", $"{ended.Name} ended with {ended.EndedByItself}");
            }

            var phase = ServingPhase.Of(name, lasted, took, client.Take());
            if (phase.Unanswered > 0)
            {
                _violations.Add(
                    $"every call brings a slate without {name}", $"{phase.Unanswered} of {phase.Calls} did not; {phase.Faults}");
            }

            _phases.Add(phase);
            tell($"without {name}: {phase.Calls} calls, {phase.Unanswered} without a slate, {phase.Degraded} degraded; fresh after "
                + $"{took.TotalSeconds:F1} s, longest: {longest}");
        }
    }
}
