using Strata.Chaos.Checks;
using Strata.Chaos.Load;
using Strata.Chaos.Promises;
using Strata.Chaos.Stack;
using Strata.Contracts.Catalog.V1;

namespace Strata.Chaos.Running;

/// <summary>
/// All services on brokers and a store of their own, reached through proxies, with a catalogue and everything fresh; and what looks at it.
/// </summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private static readonly TimeSpan SetUp = TimeSpan.FromMinutes(3);

    private readonly Stack<IAsyncDisposable> _parts = [];

    private RunningSystem(CampaignOptions options, ViolationLog violations)
        => (Shoppers, Violations, Options) = (new Shoppers(options.Seed), violations, options);

    public CampaignOptions Options { get; }

    public ViolationLog Violations { get; }

    public KafkaCluster Kafka { get; private set; } = null!;

    public RedisStore Store { get; private set; } = null!;

    public Fleet Fleet { get; private set; } = null!;

    public Shoppers Shoppers { get; }

    public Producer Producer { get; private set; } = null!;

    public LogTail Tail { get; private set; } = null!;

    public GroupPositions Groups { get; private set; } = null!;

    public Freshness Freshness { get; private set; } = null!;

    /// <summary>Starts it, puts the catalogue, and waits until everything is fresh.</summary>
    /// <exception cref="InvalidOperationException">It never was.</exception>
    public static async Task<RunningSystem> StartAsync(
        CampaignOptions options, ViolationLog violations, Action<string> tell, CancellationToken cancellationToken)
    {
        var system = new RunningSystem(options, violations);
        try
        {
            await system.StartAsync(tell, cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        Groups?.Dispose();
    }

    private async Task StartAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        Directory.CreateDirectory(Options.Work);
        Kafka = Keep(await KafkaCluster.StartAsync(Options.Kafka, Path.Combine(Options.Work, "kafka"), Options.Nodes, cancellationToken));
        await Kafka.AddProxiesAsync(cancellationToken);
        Store = Keep(await RedisStore.StartAsync(
            Options.Redis, Path.Combine(Options.Work, "redis"), Options.Primaries, cancellationToken));
        Fleet = Keep(await Fleet.StartAsync(
            Fleet.Services,
            Options.Instances,
            Options.Services,
            Path.Combine(Options.Work, "logs"),
            CampaignSettings.Of(Options, Kafka.ProxiedBootstrapServers, Store.Address),
            clocks: true,
            cancellationToken));
        tell($"all services are ready after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F0} s");
        Producer = new Producer(Fleet, Shoppers, Violations, Options.Rate);
        Tail = Keep(new LogTail(Kafka.BootstrapServers, Violations));
        Groups = new GroupPositions(Kafka.BootstrapServers, await Fleet.GroupsAsync(cancellationToken));
        Freshness = new Freshness(Fleet, Store, Producer, Tail, Groups);
        await Producer.PutItemsAsync(ShopCatalogue.Items, cancellationToken);
        await Producer.PutUsersAsync(
            Shoppers.Users.Select((user, i) => new UserAttributes { UserId = user, Region = i % 2 == 0 ? "NO" : "DE" }), cancellationToken);
        while (!ShopCatalogue.Items.All(item => Tail.HasFeatures(item.ItemId)))
        {
            await Task.Delay(200, cancellationToken);
        }

        if ((await Freshness.UntilFreshAsync(SetUp, cancellationToken)).Missing is { } missing)
        {
            throw new InvalidOperationException($"The system was never fresh, before any fault: {missing}");
        }
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
