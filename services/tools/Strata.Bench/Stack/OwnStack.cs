using Strata.Chaos.Stack;
using Strata.Streaming.Connecting;

namespace Strata.Bench.Stack;

/// <summary>A broker, a store and the five services, each a process, started for the measurement and gone after it.</summary>
internal sealed class OwnStack : IAsyncDisposable
{
    private readonly KafkaCluster _kafka;
    private readonly RedisServer _redis;
    private readonly Fleet _fleet;

    private OwnStack(KafkaCluster kafka, RedisServer redis, Fleet fleet, BenchTarget target)
        => (_kafka, _redis, _fleet, Target) = (kafka, redis, fleet, target);

    public BenchTarget Target { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="script">Starts and stops brokers, see <see cref="KafkaCluster"/>.</param>
    /// <param name="redis">Executable.</param>
    /// <param name="work">Folder for files and logs.</param>
    /// <param name="settings">Further settings of the services.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<OwnStack> StartAsync(
        string script, string redis, string work, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var kafka = await KafkaCluster.StartAsync(script, Path.Combine(work, "kafka"), 1, cancellationToken);
        RedisServer? store = null;
        try
        {
            store = await RedisServer.StartAsync(redis, Path.Combine(work, "redis"), cancellationToken);
            var fleet = await Fleet.StartAsync(
                Fleet.Services,
                1,
                AppContext.BaseDirectory,
                Path.Combine(work, "logs"),
                CampaignSettings.Shipped(settings, kafka.BootstrapServers, store.Address),
                clocks: false,
                cancellationToken);
            var processes = fleet.All.ToDictionary(instance => instance.Service, instance => instance.ProcessId, StringComparer.Ordinal);
            processes["Redis"] = store.Process.Id;
            processes["Kafka"] = kafka.ProcessIdOf(1);
            var target = new BenchTarget(
                new Uri($"http://{fleet.Of("Ingestion")[0].Channel.Target}"),
                new Uri($"http://{fleet.Of("Ranking")[0].Channel.Target}"),
                ClientSettings.Of(kafka.BootstrapServers, null),
                Path.Combine(work, "kafka"),
                processes);
            return new OwnStack(kafka, store, fleet, target);
        }
        catch
        {
            if (store is not null)
            {
                await store.DisposeAsync();
            }

            await kafka.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await _redis.DisposeAsync();
        await _kafka.DisposeAsync();
    }
}
