using System.Diagnostics;
using Strata.Chaos.Checks;
using Strata.Chaos.Comparison;
using Strata.Chaos.Faults;
using Strata.Chaos.Injection;
using Strata.Chaos.Load;
using Strata.Chaos.Promises;
using Strata.Chaos.Stack;
using Strata.Contracts.Catalog.V1;

namespace Strata.Chaos;

/// <summary>
/// Runs all services on real brokers and a real Redis under steady traffic, does them harm one fault after the other, and holds what they
/// did and what they left against what was promised.
/// </summary>
internal sealed class Campaign(CampaignOptions options, Action<string> tell)
{
    private static readonly TimeSpan SetUp = TimeSpan.FromMinutes(3);

    /// <summary>How long it is waited beyond the limit, so that the next fault meets a system that works.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

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
        Directory.CreateDirectory(options.Work);
        await using var kafka = await KafkaCluster.StartAsync(
            options.Kafka, Path.Combine(options.Work, "kafka"), options.Nodes, cancellationToken);
        await using var redis = await RedisServer.StartAsync(options.Redis, Path.Combine(options.Work, "redis"), cancellationToken);
        await using var fleet = await Fleet.StartAsync(
            Fleet.Services,
            options.Instances,
            options.Services,
            Path.Combine(options.Work, "logs"),
            CampaignSettings.Of(options, kafka.BootstrapServers, redis.Address),
            cancellationToken);
        tell($"all services are ready after {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
        var shoppers = new Shoppers(options.Seed);
        var producer = new Producer(fleet, shoppers, _violations, options.Rate);
        var client = new SlateClient(fleet, _violations, options.Seed);
        await using var tail = new LogTail(kafka.BootstrapServers, _violations);
        using var groups = new GroupPositions(kafka.BootstrapServers);
        var freshness = new Freshness(fleet, redis, producer, tail, groups);
        await PutCatalogueAsync(producer, tail, cancellationToken);
        if ((await freshness.UntilFreshAsync(SetUp, cancellationToken)).Missing is { } missing)
        {
            throw new InvalidOperationException($"The system was never fresh, before any fault: {missing}");
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var traffic = Task.WhenAll(producer.RunAsync(end.Token), client.RunAsync(end.Token));
        using (var injector = new FaultInjector(fleet, kafka, redis, producer, groups, _violations, options.Seed))
        {
            var passing = new PassingItems(producer, client, shoppers);
            foreach (var fault in FaultSchedule.Draw(options.Faults, options.Seed, options.LongestOutage, Only))
            {
                _violations.Begin(fault);
                await passing.NextAsync(fault.Number, cancellationToken);
                await HarmAsync(fault, injector, freshness, tail, producer, fleet, cancellationToken);
            }
        }

        await end.CancelAsync();
        await traffic;
        await QuiesceAsync(freshness, tail, producer, cancellationToken);
        var log = new FinalLog(kafka.BootstrapServers);
        await using (log)
        {
            await log.StartAsync(cancellationToken);
            var left = await StateSnapshot.ReadAsync(redis, log, cancellationToken);
            await StopAsync(fleet);
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
            Events = producer.Acknowledged.Distinct(StringComparer.Ordinal).Count(),
            Retries = producer.Retries,
            Lost = tail.Missing(producer.Acknowledged).Count,
            SlatesAsked = client.Asked,
            SlatesAnswered = client.Answered,
            SlatesDegraded = client.Degraded,
            LayerSetVersion = tail.LayerSetVersion,
            Faults = _outcomes,
            Violations = _violations.Found,
        };
    }

    private static async Task PutCatalogueAsync(Producer producer, LogTail tail, CancellationToken cancellationToken)
    {
        await producer.PutItemsAsync(ShopCatalogue.Items, cancellationToken);
        await producer.PutUsersAsync(
            Shoppers.Users.Select((user, i) => new UserAttributes { UserId = user, Region = i % 2 == 0 ? "NO" : "DE" }), cancellationToken);
        while (!ShopCatalogue.Items.All(item => tail.HasFeatures(item.ItemId)))
        {
            await Task.Delay(200, cancellationToken);
        }
    }

    private async Task HarmAsync(
        ScheduledFault fault,
        FaultInjector injector,
        Freshness freshness,
        LogTail tail,
        Producer producer,
        Fleet fleet,
        CancellationToken cancellationToken)
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
        var limit = fault.Kind == FaultKind.EmptyStore
            ? options.Recovery + TimeSpan.FromSeconds(10 + (tail.Records / ReplayRate))
            : options.Recovery;
        var acknowledged = producer.Acknowledged.ToArray();
        var (took, missing, longest) = await freshness.UntilFreshAsync(limit + Grace, cancellationToken);
        if (took > limit)
        {
            _violations.Add(
                "fresh again",
                $"after {took.TotalSeconds:F1} s, not {limit.TotalSeconds:F0}; missing last: {missing ?? "nothing"}; longest: {longest}");
        }

        if (tail.Missing(acknowledged) is { Count: > 0 } lost && missing is null)
        {
            _violations.Add("what was acknowledged is in the log", $"{lost.Count} events are not, {lost[0]} first");
        }

        foreach (var ended in fleet.All.Where(instance => instance.EndedByItself is not null))
        {
            _violations.Add("no service ends by itself", $"{ended.Name} ended with {ended.EndedByItself}");
            ended.Start();
        }

        _outcomes.Add(new FaultOutcome(fault.Number, fault.Name, lasted.TotalSeconds, took.TotalSeconds));
        tell($"{fault}: fresh {took.TotalSeconds:F1} s after its end; longest: {longest}");
    }

    /// <summary>Until everything that was sent has had its effect.</summary>
    private async Task QuiesceAsync(Freshness freshness, LogTail tail, Producer producer, CancellationToken cancellationToken)
    {
        if ((await freshness.UntilFreshAsync(Grace, cancellationToken)).Missing is { } missing)
        {
            _violations.Add("fresh again", $"never, at the end: {missing}");
        }

        while (tail.Quiet < TimeSpan.FromSeconds(4))
        {
            await Task.Delay(200, cancellationToken);
        }

        if (tail.Missing(producer.Acknowledged) is { Count: > 0 } lost)
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
