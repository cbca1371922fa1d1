using System.Diagnostics;
using Strata.Chaos.Comparison;
using Strata.Chaos.Faults;
using Strata.Chaos.Injection;
using Strata.Chaos.Load;
using Strata.Chaos.Promises;
using Strata.Chaos.Running;
using Strata.Chaos.Stack;

namespace Strata.Chaos;

/// <summary>
/// Runs all services on real brokers and a real Redis under steady traffic, does them harm one fault after the other, and holds what they
/// did and what they left against what was promised.
/// </summary>
internal sealed class Campaign(CampaignOptions options, Action<string> tell)
{
    /// <summary>How long it is waited beyond the limit, so that the next fault meets a system that works.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>
    /// What a connection that dies in silence takes beyond: it ends by nothing but a request that is not answered within its ten seconds,
    /// and only then is there anything to stall or to reconnect.
    /// </summary>
    private static readonly TimeSpan SilentDeath = TimeSpan.FromSeconds(15);

    /// <summary>Records a second that a rewind reads at least.</summary>
    private const double ReplayRate = 200;

    private readonly ViolationLog _violations = new();
    private readonly List<FaultOutcome> _outcomes = [];

    /// <summary>Kinds of faults among which it is drawn; empty: all.</summary>
    public IReadOnlyList<FaultKind> Only { get; init; } = [];

    public async Task<CampaignReport> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var began = TimeProvider.System.GetUtcNow();
        _violations.Tell = violation => tell($"VIOLATION at {violation.During}: {violation.What}");
        await using var system = await RunningSystem.StartAsync(options, _violations, tell, cancellationToken);
        var client = new SlateClient(system.Fleet, _violations, options.Seed);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var traffic = Task.WhenAll(system.Producer.RunAsync(end.Token), client.RunAsync(end.Token));
        using (var injector = new FaultInjector(system))
        {
            var passing = new PassingItems(system.Producer, client, system.Shoppers);
            foreach (var fault in FaultSchedule.Draw(options.Faults, options.Seed, options.LongestOutage, Only)
                .TakeWhile(_ => Stopwatch.GetElapsedTime(started) < options.Longest))
            {
                _violations.Begin(fault);
                await passing.NextAsync(fault.Number, cancellationToken);
                if (!await HarmAsync(fault, injector, system, cancellationToken))
                {
                    tell("what comes after would say nothing: the system is as it is found now, and the campaign ends");
                    break;
                }
            }
        }

        await end.CancelAsync();
        await traffic;
        await QuiesceAsync(system, cancellationToken);
        var log = new FinalLog(system.Kafka.BootstrapServers);
        await using (log)
        {
            await log.StartAsync(cancellationToken);
            var left = await StateSnapshot.ReadAsync(system.Store, log, cancellationToken);
            await StopAsync(system.Fleet);
            tell("all services are stopped; comparing with an undisturbed run and with sequential recomputations");
            await new Comparisons(options, log, _violations, tell).RunAsync(left, cancellationToken);
        }

        return new CampaignReport
        {
            Seed = options.Seed,
            Began = began,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Instances = options.Instances,
            Nodes = options.Nodes,
            Primaries = options.Primaries,
            Events = system.Producer.Acknowledged.Distinct(StringComparer.Ordinal).Count(),
            Retries = system.Producer.Retries,
            Lost = system.Tail.Missing(system.Producer.Acknowledged).Count,
            SlatesAsked = client.Asked,
            SlatesAnswered = client.Answered,
            SlatesDegraded = client.Degraded,
            LayerSetVersion = system.Tail.LayerSetVersion,
            Faults = _outcomes,
            Violations = _violations.Found,
        };
    }

    /// <summary>False where the system did not come back in all the time it was given.</summary>
    private async Task<bool> HarmAsync(
        ScheduledFault fault, FaultInjector injector, RunningSystem system, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await injector.InjectAsync(fault, cancellationToken);
        }
        catch (TimeoutException notReady)
        {
            _violations.Add("a service comes back", notReady.Message);
        }

        var lasted = Stopwatch.GetElapsedTime(began);
        var limit = options.Recovery + fault.Kind switch
        {
            FaultKind.EmptyStore => TimeSpan.FromSeconds(10 + (system.Tail.Records / ReplayRate)),
            FaultKind.DeadConnections => SilentDeath,
            _ => TimeSpan.Zero,
        };
        var acknowledged = system.Producer.Acknowledged.ToArray();
        var (took, missing, longest) = await system.Freshness.UntilFreshAsync(limit + Grace, cancellationToken);
        if (took > limit)
        {
            _violations.Add(
                "fresh again",
                $"after {took.TotalSeconds:F1} s, not {limit.TotalSeconds:F0}; missing last: {missing ?? "nothing"}; longest: {longest}");
        }

        if (system.Tail.Missing(acknowledged) is { Count: > 0 } lost && missing is null)
        {
            _violations.Add("what was acknowledged is in the log", $"{lost.Count} events are not, {lost[0]} first");
        }

        foreach (var ended in system.Fleet.All.Where(instance => instance.EndedByItself is not null))
        {
            _violations.Add("no service ends by itself", $"{ended.Name} ended with {ended.EndedByItself}");
            ended.Start();
        }

        _outcomes.Add(new FaultOutcome(fault.Number, fault.Name, lasted.TotalSeconds, took.TotalSeconds));
        tell($"{fault}: fresh {took.TotalSeconds:F1} s after its end; longest: {longest}");
        return missing is null;
    }

    /// <summary>Until everything that was sent has had its effect.</summary>
    private async Task QuiesceAsync(RunningSystem system, CancellationToken cancellationToken)
    {
        if ((await system.Freshness.UntilFreshAsync(Grace, cancellationToken)).Missing is { } missing)
        {
            _violations.Add("fresh again", $"never, at the end: {missing}");
        }

        while (system.Tail.Quiet < TimeSpan.FromSeconds(4))
        {
            await Task.Delay(200, cancellationToken);
        }

        if (system.Tail.Missing(system.Producer.Acknowledged) is { Count: > 0 } lost)
        {
            _violations.Add("what was acknowledged is in the log", $"{lost.Count} events are not, {lost[0]} first");
        }
    }

    private async Task StopAsync(Fleet fleet)
    {
        var codes = await Task.WhenAll(fleet.All.Select(async instance => (instance.Name, Code: await instance.StopAsync())));
        foreach (var (name, code) in codes.Where(entry => entry.Code != 0))
        {
            _violations.Add("a stop is in good order", $"{name} ended with {(code is null ? "nothing in 45 s" : $"{code}")}");
        }
    }
}
