using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Strata.Chaos.Stack;

/// <summary>A Redis with an append-only file as <c>infra/redis</c> ships it: written every second.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly string _executable;
    private readonly DirectoryInfo _folder;
    private readonly int _port = FreePorts.Take(1);
    private Process? _process;

    private RedisServer(string executable, string folder) => (_executable, _folder) = (executable, Directory.CreateDirectory(folder));

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    public Process Process => _process ?? throw new InvalidOperationException("Redis has not started.");

    public static async Task<RedisServer> StartAsync(string executable, string folder, CancellationToken cancellationToken)
    {
        var server = new RedisServer(executable, folder);
        await server.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts a killed one on what its files hold, and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo(
            _executable,
            [
                "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName,
                "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction",
                "--logfile", Path.Combine(_folder.FullName, "redis.log"),
            ])
        { UseShellExecute = false })!;
        while (!await AnswersAsync())
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>Kills it, with all that it had on disk.</summary>
    public async Task KillAndEmptyAsync()
    {
        await KillAsync();
        foreach (var folder in _folder.EnumerateDirectories())
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Kills it as a power cut would that takes along what was written to its file in the last <paramref name="span"/>.</summary>
    public async Task KillAndLoseAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        var file = _folder.EnumerateFiles("*.incr.aof", SearchOption.AllDirectories).OrderBy(file => file.Name.Length)
            .ThenBy(file => file.Name, StringComparer.Ordinal).Last();
        var length = file.Length;
        await Task.Delay(span, cancellationToken);
        await KillAsync();
        await using var stream = file.OpenWrite();
        stream.SetLength(Math.Min(length, stream.Length));
    }

    /// <summary>Runs a command of operators.</summary>
    public async Task ExecuteAsync(string command, params object[] arguments)
    {
        await using var multiplexer = await ConnectAsync();
        await multiplexer.GetServers()[0].ExecuteAsync(command, arguments);
    }

    /// <summary>Bytes that it uses.</summary>
    public async Task<long> UsedBytesAsync()
    {
        await using var multiplexer = await ConnectAsync();
        return long.Parse(
            (await multiplexer.GetServers()[0].InfoAsync("memory")).SelectMany(section => section)
                .Single(pair => pair.Key == "used_memory").Value,
            CultureInfo.InvariantCulture);
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync($"{Address},allowAdmin=true");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var multiplexer = await ConnectionMultiplexer.ConnectAsync($"{Address},connectTimeout=500,connectRetry=1");
            await multiplexer.GetDatabase().PingAsync();
            return true;
        }
        catch (RedisException) when (!Process.HasExited)
        {
            return false; // it reads its file
        }
    }
}
