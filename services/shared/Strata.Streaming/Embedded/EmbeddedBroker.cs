namespace Strata.Streaming.Embedded;

/// <summary>
/// A broker inside this process, on a local port: librdkafka's mock cluster, which speaks the Kafka protocol. What it cannot do: more or
/// fewer than 4 partitions a topic (made on first use), keep more than about 5 MB a partition, admin calls, transaction isolation (an
/// aborted transaction's messages are seen), survive its process.
/// </summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly IntPtr _client;
    private readonly IntPtr _cluster;
    private bool _disposed;

    private EmbeddedBroker(IntPtr client, IntPtr cluster, string bootstrapServers)
    {
        _client = client;
        _cluster = cluster;
        BootstrapServers = bootstrapServers;
    }

    /// <summary>Where it listens.</summary>
    public string BootstrapServers { get; }

    /// <summary>Identity of its logs, new for every instance: offsets start at 0 again.</summary>
    public string Identity { get; } = $"embedded-{Guid.NewGuid():N}";

    /// <summary>The settings that point <c>AddStreaming</c> to it.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Streaming:BootstrapServers"] = BootstrapServers,
        ["Streaming:Embedded"] = "true",
        ["Streaming:LogIdentity"] = Identity,
    };

    /// <summary>Starts one.</summary>
    /// <param name="brokers">Number of brokers.</param>
    public static EmbeddedBroker Start(int brokers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(brokers, 1);
        var (client, cluster, bootstrapServers) = MockCluster.Start(brokers);
        return new EmbeddedBroker(client, cluster, bootstrapServers);
    }

    /// <summary>Stops it; everything it held is gone.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return ValueTask.CompletedTask;
            }

            _disposed = true;
        }

        return new ValueTask(Task.Run(() => MockCluster.Stop(_client, _cluster)));
    }
}
