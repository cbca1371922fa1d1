using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Strata.Chaos.Stack;

/// <summary>
/// Brokers, started and harmed by a script with the verbs start, stop, kill, up, pause and resume: <c>start --nodes N --port P --dir D</c>
/// prints the bootstrap servers as its last line.
/// </summary>
internal sealed class KafkaCluster : IAsyncDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(3);

    private readonly string _script;
    private readonly string _folder;
    private readonly int _port;

    private KafkaCluster(string script, string folder, int port, int nodes)
        => (_script, _folder, _port, Nodes) = (script, folder, port, nodes);

    public int Nodes { get; }

    public string BootstrapServers { get; private set; } = "";

    public static async Task<KafkaCluster> StartAsync(string script, string folder, int nodes, CancellationToken cancellationToken)
    {
        var cluster = new KafkaCluster(script, folder, FreePorts.Take(2 * nodes), nodes);
        var output = await cluster.CallAsync(["start", "--nodes", Text(nodes)], cancellationToken);
        cluster.BootstrapServers = output.Trim().Split('\n')[^1];
        return cluster;
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

        using var client = new AdminClientBuilder(
            new AdminClientConfig { BootstrapServers = BootstrapServers, ReconnectBackoffMaxMs = 500 })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        while (!await ServesAsync(client))
        {
            await Task.Delay(200, cancellationToken);
        }
    }

    public Task PauseAsync(int node, CancellationToken cancellationToken) => CallAsync(["pause", Text(node)], cancellationToken);

    public Task ResumeAsync(int node) => CallAsync(["resume", Text(node)], CancellationToken.None);

    /// <summary>Process id of a broker.</summary>
    public int ProcessIdOf(int node)
        => int.Parse(File.ReadAllText(Path.Combine(_folder, $"node-{node}", "pid")), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync() => await CallAsync(["stop"], CancellationToken.None);

    private bool IsAlive(int node)
        => int.TryParse(File.ReadAllText(Path.Combine(_folder, $"node-{node}", "pid")), CultureInfo.InvariantCulture, out var id)
            && Directory.Exists($"/proc/{id}");

    private async Task<bool> ServesAsync(IAdminClient client)
    {
        try
        {
            var metadata = client.GetMetadata(Answer);
            await client.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { RequestTimeout = Answer });
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
