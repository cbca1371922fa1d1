using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Strata.Testing.Stores;

/// <summary><c>redis-server</c> from the PATH: own port, own folder, append-only file written every second, as it is shipped.</summary>
public sealed class RedisServerStore : TestStore
{
    private const string Executable = "redis-server";

    private static readonly TimeSpan StartBudget = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-redis-");
    private readonly int _port = FreePort();
    private readonly bool _cluster;
    private readonly string _fsync;
    private Process? _process;

    private RedisServerStore(bool cluster, string fsync)
    {
        (_cluster, _fsync) = (cluster, fsync);
    }

    /// <summary>True when the PATH has a redis-server.</summary>
    public static bool IsAvailable
        => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, Executable)));

    /// <inheritdoc/>
    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <inheritdoc/>
    public override string Description => "redis-server from the PATH";

    /// <inheritdoc/>
    public override bool CanRestart => true;

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="cluster">A Redis Cluster of this one node, which holds all slots: commands over several slots are refused.</param>
    /// <param name="fsync">Its <c>appendfsync</c>; "always" for a test that must know what the file holds.</param>
    public static async Task<RedisServerStore> StartAsync(
        CancellationToken cancellationToken, bool cluster = false, string fsync = "everysec")
    {
        var store = new RedisServerStore(cluster, fsync);
        try
        {
            await store.RestartAsync(cancellationToken);
            if (cluster)
            {
                await store.TakeAllSlotsAsync(cancellationToken);
            }

            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Ends the store as a power cut would, and with it all it had on disk.</summary>
    public async Task KillAndEmptyAsync()
    {
        await KillAsync();
        foreach (var folder in _folder.EnumerateDirectories())
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Bytes of its append-only file.</summary>
    public long Written() => AppendOnlyFile().Length;

    /// <summary>
    /// Ends the store as one ends whose disk was busy: it had answered, and what it appended behind <paramref name="length"/> is not there.
    /// </summary>
    public async Task KillAndLoseAsync(long length)
    {
        await KillAsync();
        await using var stream = AppendOnlyFile().OpenWrite();
        stream.SetLength(length);
    }

    /// <inheritdoc/>
    public override async Task RestartAsync(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        string[] arguments =
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture),
            "--bind", "127.0.0.1",
            "--dir", _folder.FullName,
            "--appendonly", "yes",
            "--appendfsync", _fsync,
            "--save", string.Empty,
            "--logfile", Path.Combine(_folder.FullName, "redis.log"),
            .. _cluster ? ClusterArguments() : [],
        ];
        _process = Process.Start(new ProcessStartInfo(Executable, arguments) { UseShellExecute = false })
            ?? throw new InvalidOperationException($"{Executable} did not start.");
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(StartBudget);
        await WaitUntilAnswersAsync(budget.Token);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>
    /// The port of the cluster's bus would be the client's plus 10,000, which is too high for most free ports; and a lone node does not
    /// learn its own address.
    /// </summary>
    private static string[] ClusterArguments()
        =>
        [
            "--cluster-enabled", "yes",
            "--cluster-port", FreePort().ToString(CultureInfo.InvariantCulture),
            "--cluster-announce-ip", "127.0.0.1",
        ];

    private FileInfo AppendOnlyFile() => _folder.EnumerateFiles("*.incr.aof", SearchOption.AllDirectories).Single();

    private async Task TakeAllSlotsAsync(CancellationToken cancellationToken)
    {
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        var server = multiplexer.GetServers()[0];
        await server.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        while (!((string?)await server.ExecuteAsync("CLUSTER", "INFO"))!.Contains("cluster_state:ok", StringComparison.Ordinal))
        {
            await Task.Delay(20, cancellationToken);
        }
    }

    private async Task WaitUntilAnswersAsync(CancellationToken cancellationToken)
    {
        var options = ConfigurationOptions.Parse(ConnectionString);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 200;
        options.ReconnectRetryPolicy = new LinearRetry(50);
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await multiplexer.GetDatabase().PingAsync();
                return;
            }
            catch (RedisException) when (_process is { HasExited: false })
            {
                // still loading its file: asked again until the budget ends
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
