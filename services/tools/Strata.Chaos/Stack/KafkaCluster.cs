using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Strata.Chaos.Stack;

/// <summary>
/// Brokers, started and harmed by a script with the verbs start, stop, kill, up, pause and resume: <c>start --nodes N --port P --dir D</c>
/// prints the bootstrap servers as its last line.
/// </summary>
internal sealed class KafkaCluster : IAsyncDisposable
{
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
            await UntilListeningAsync(node, cancellationToken);
        }
    }

    public Task PauseAsync(int node, CancellationToken cancellationToken) => CallAsync(["pause", Text(node)], cancellationToken);

    public Task ResumeAsync(int node) => CallAsync(["resume", Text(node)], CancellationToken.None);

    public async ValueTask DisposeAsync() => await CallAsync(["stop"], CancellationToken.None);

    private bool IsAlive(int node)
        => int.TryParse(File.ReadAllText(Path.Combine(_folder, $"node-{node}", "pid")), CultureInfo.InvariantCulture, out var id)
            && Directory.Exists($"/proc/{id}");

    private async Task UntilListeningAsync(int node, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _port + (2 * (node - 1)), cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(500, cancellationToken);
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<string> CallAsync(string[] arguments, CancellationToken cancellationToken)
        => Shell.RunAsync(_script, [.. arguments, "--port", Text(_port), "--dir", _folder], cancellationToken);
}
