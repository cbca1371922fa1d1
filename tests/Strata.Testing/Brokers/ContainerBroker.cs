using Testcontainers.Kafka;

namespace Strata.Testing.Brokers;

/// <summary>Apache Kafka in a container.</summary>
internal sealed class ContainerBroker : IBroker
{
    private const string Image = "apache/kafka:4.1.1";
    private readonly KafkaContainer _container;

    private ContainerBroker(KafkaContainer container) => _container = container;

    public string Name => $"{Image} in a container";

    public string BootstrapServers => _container.GetBootstrapAddress();

    public bool Embedded => false;

    public bool IsolatesTransactions => true;

    // A restarted container may listen on another port: clients would not find it.
    public bool CanKill => false;

    public IReadOnlyDictionary<string, string?> Settings
        => new Dictionary<string, string?> { ["Streaming:BootstrapServers"] = BootstrapServers };

    public static async Task<ContainerBroker> StartAsync(CancellationToken cancellationToken)
    {
        var container = new KafkaBuilder(Image).Build();
        await container.StartAsync(cancellationToken);
        return new ContainerBroker(container);
    }

    public Task KillAsync(int node = 1) => throw new NotSupportedException("a container is not killed");

    public Task UpAsync(int node = 1) => throw new NotSupportedException("a container is not killed");

    public Task PauseAsync(int node = 1) => throw new NotSupportedException("a container is not hung");

    public Task ResumeAsync(int node = 1) => throw new NotSupportedException("a container is not hung");

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
