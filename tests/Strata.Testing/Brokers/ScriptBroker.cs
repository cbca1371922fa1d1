using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Strata.Testing.Brokers;

/// <summary>Apache Kafka from its jars, started by the script <c>shared/kafka/kafka</c> in a folder and on ports of its own.</summary>
internal sealed class ScriptBroker : IBroker
{
    private const int Attempts = 3;

    private readonly string _script;
    private readonly string _folder;
    private readonly int _port;
    private int _stopped;

    private ScriptBroker(string script, string folder, int port, string bootstrapServers)
    {
        _script = script;
        _folder = folder;
        _port = port;
        BootstrapServers = bootstrapServers;
        AppDomain.CurrentDomain.ProcessExit += StopAtExit;
    }

    public string Name => $"Apache Kafka from jars at {BootstrapServers}";

    public string BootstrapServers { get; }

    public bool Embedded => false;

    public bool IsolatesTransactions => true;

    public bool CanKill => true;

    public IReadOnlyDictionary<string, string?> Settings
        => new Dictionary<string, string?> { ["Streaming:BootstrapServers"] = BootstrapServers };

    public static async Task<ScriptBroker> StartAsync(string script, int nodes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var folder = Path.Combine(Path.GetTempPath(), $"strata-kafka-{Guid.NewGuid():N}");
            var port = FreePorts(2 * nodes);
            try
            {
                var output = await RunAsync(
                    script,
                    [
                        "start",
                        "--nodes", nodes.ToString(CultureInfo.InvariantCulture),
                        "--port", port.ToString(CultureInfo.InvariantCulture),
                        "--dir", folder,
                    ],
                    cancellationToken);
                return new ScriptBroker(script, folder, port, output.Trim().Split('\n')[^1]);
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // A port was taken in between, or the random cluster id began with a dash, which the formatting tool takes for an option.
                await RunAsync(script, ["stop", "--dir", folder], cancellationToken);
            }
        }
    }

    public async Task KillAsync(int node = 1)
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(_folder, $"node-{node}", "pid"))).Trim();
        await CallAsync("kill", node);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (IsAlive(pid) && await tick.WaitForNextTickAsync())
        {
            // A killed process needs a moment to go.
        }
    }

    public Task UpAsync(int node = 1) => CallAsync("up", node);

    public Task PauseAsync(int node = 1) => CallAsync("pause", node);

    public Task ResumeAsync(int node = 1) => CallAsync("resume", node);

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= StopAtExit;
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await RunAsync(_script, ["stop", "--dir", _folder], CancellationToken.None);
        }
    }

    // A zombie, whose parent didn't look after it yet, is dead.
    private static bool IsAlive(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int FreePorts(int count)
    {
        while (true)
        {
            var listeners = new List<TcpListener>();
            try
            {
                var first = new TcpListener(IPAddress.Loopback, 0);
                first.Start();
                listeners.Add(first);
                var port = ((IPEndPoint)first.LocalEndpoint).Port;
                for (var i = 1; i < count; i++)
                {
                    var next = new TcpListener(IPAddress.Loopback, port + i);
                    next.Start();
                    listeners.Add(next);
                }

                return port;
            }
            catch (Exception fault) when (fault is SocketException or ArgumentOutOfRangeException)
            {
                // One of the neighbours is taken: another place.
            }
            finally
            {
                listeners.ForEach(listener => listener.Stop());
            }
        }
    }

    private static async Task<string> RunAsync(string script, string[] arguments, CancellationToken cancellationToken)
    {
        // The brokers outlive the script and must not hold its output open, so it goes to files.
        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/bash") { UseShellExecute = false };
            foreach (var argument in (string[])["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1", "bash", output, script, .. arguments])
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(cancellationToken);
            var text = await File.ReadAllTextAsync(output, cancellationToken);
            return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{script} {string.Join(' ', arguments)}: {text}");
        }
        finally
        {
            File.Delete(output);
        }
    }

    private async Task CallAsync(string command, int node)
        => await RunAsync(
            _script,
            [
                command, node.ToString(CultureInfo.InvariantCulture),
                "--port", _port.ToString(CultureInfo.InvariantCulture),
                "--dir", _folder,
            ],
            CancellationToken.None);

    private void StopAtExit(object? sender, EventArgs args) => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
