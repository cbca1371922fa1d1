using System.Globalization;
using Confluent.Kafka;
using Strata.Chaos.Connections;

namespace Strata.Chaos.Stack;

/// <summary>
/// Brokers, started and harmed by a script with the verbs start, stop, kill, up, pause and resume. After <c>start --nodes N --port P --dir
/// D</c> broker n listens on P + 2 (n − 1), and <c>D/node-n</c> has its <c>pid</c> and its <c>server.properties</c>.
/// </summary>
internal sealed class KafkaCluster : IAsyncDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(3);

    /// <summary>Groups that nobody has: what one of them is told needs a partition of the groups' positions to be loaded.</summary>
    private static readonly string[] Nobodies = ["nobody-a", "nobody-b", "nobody-c", "nobody-d"];

    private readonly string _script;
    private readonly string _folder;
    private readonly int _port;

    private KafkaCluster(string script, string folder, int port, int nodes)
        => (_script, _folder, _port, Nodes) = (script, folder, port, nodes);

    public int Nodes { get; }

    public string BootstrapServers { get; private set; } = "";

    /// <summary>A proxy in front of each broker; none before <see cref="AddProxiesAsync"/>.</summary>
    public IReadOnlyList<TcpProxy> Proxies { get; private set; } = [];

    /// <summary>Bootstrap servers whose every connection, to any broker, leads through its proxy.</summary>
    public string ProxiedBootstrapServers => string.Join(',', Proxies.Select(proxy => proxy.Address));

    public static async Task<KafkaCluster> StartAsync(string script, string folder, int nodes, CancellationToken cancellationToken)
    {
        var cluster = new KafkaCluster(script, folder, FreePorts.Take(2 * nodes), nodes);
        try
        {
            await cluster.CallAsync(["start", "--nodes", Text(nodes)], cancellationToken);
        }
        catch (InvalidOperationException) when (Enumerable.Range(1, nodes).All(cluster.IsAlive))
        {
            // They were not there in the script's time: that of a busy machine is longer.
        }

        cluster.BootstrapServers =
            string.Join(',', Enumerable.Range(0, nodes).Select(node => $"127.0.0.1:{Text(cluster._port + (2 * node))}"));
        await cluster.UntilServingAsync(cancellationToken);
        return cluster;
    }

    /// <summary>
    /// Gives each broker a second listener, which names a proxy as its address: whoever came through one is sent to no other place. The
    /// first listener stays that of brokers among themselves, and of those who only look.
    /// </summary>
    public async Task AddProxiesAsync(CancellationToken cancellationToken)
    {
        var ports = FreePorts.Take(Nodes);
        Proxies = [.. Enumerable.Range(ports, Nodes).Select(port => new TcpProxy(port))];
        await Task.WhenAll(Enumerable.Range(1, Nodes).Select(node => KillAsync(node, cancellationToken)));
        foreach (var (proxy, number) in Proxies.Select((proxy, number) => (proxy, number)))
        {
            var file = Path.Combine(_folder, $"node-{number + 1}", "server.properties");
            var lines = (await File.ReadAllLinesAsync(file, cancellationToken)).Select(line
                => line.StartsWith("listeners=", StringComparison.Ordinal) ? $"{line},PROXIED://127.0.0.1:{ports + number}"
                    : line.StartsWith("advertised.listeners=", StringComparison.Ordinal) ? $"{line},PROXIED://{proxy.Address}"
                    : line);
            await File.WriteAllLinesAsync(
                file,
                [.. lines, "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT"],
                cancellationToken);
        }

        // Together: the first one up waits for a majority.
        await Task.WhenAll(Enumerable.Range(1, Nodes).Select(node => UpAsync(node, cancellationToken)));
    }

    public Task KillAsync(int node, CancellationToken cancellationToken) => CallAsync(["kill", Text(node)], cancellationToken);

    /// <summary>Starts a killed broker on its files, and waits until it serves: partitions have leaders, groups are loaded.</summary>
    public async Task UpAsync(int node, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(.5), cancellationToken); // a killed process needs a moment to go
        try
        {
            await CallAsync(["up", Text(node)], cancellationToken);
        }
        catch (InvalidOperationException) when (IsAlive(node))
        {
            // It was not there in the script's time: that of a busy machine is longer, and recovery is measured from its end.
        }

        await UntilServingAsync(cancellationToken);
    }

    public Task PauseAsync(int node, CancellationToken cancellationToken) => CallAsync(["pause", Text(node)], cancellationToken);

    public Task ResumeAsync(int node) => CallAsync(["resume", Text(node)], CancellationToken.None);

    /// <summary>Process id of a broker.</summary>
    public int ProcessIdOf(int node)
        => int.Parse(File.ReadAllText(PidFile(node)), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in Proxies)
        {
            await proxy.DisposeAsync();
        }

        await CallAsync(["stop"], CancellationToken.None);
    }

    private string PidFile(int node) => Path.Combine(_folder, $"node-{node}", "pid");

    private async Task UntilServingAsync(CancellationToken cancellationToken)
    {
        using var client = new AdminClientBuilder(
            new AdminClientConfig { BootstrapServers = BootstrapServers, ReconnectBackoffMaxMs = 500 })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        GroupReader[] readers = [.. Nobodies.Select(group => new GroupReader(BootstrapServers, group))];
        while (!await ServesAsync(client, readers))
        {
            await Task.Delay(200, cancellationToken);
        }

        Array.ForEach(readers, reader => reader.Dispose());
    }

    private bool IsAlive(int node)
        => File.Exists(PidFile(node)) && int.TryParse(File.ReadAllText(PidFile(node)), CultureInfo.InvariantCulture, out var id)
            && Directory.Exists($"/proc/{id}");

    private async Task<bool> ServesAsync(IAdminClient client, IReadOnlyList<GroupReader> readers)
    {
        try
        {
            var metadata = client.GetMetadata(Answer);
            await Task.WhenAll(readers.Select(reader => reader.ReadAsync()));
            return metadata.Brokers.Count == Nodes
                && metadata.Topics.TrueForAll(topic => topic.Partitions.TrueForAll(partition => partition.Leader >= 0));
        }
        catch (KafkaException)
        {
            return false; // nobody answers yet, or groups are being loaded
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<string> CallAsync(string[] arguments, CancellationToken cancellationToken)
        => Shell.RunAsync(_script, [.. arguments, "--port", Text(_port), "--dir", _folder], cancellationToken);
}
