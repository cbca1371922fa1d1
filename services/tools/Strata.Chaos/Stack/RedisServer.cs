using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using Strata.Chaos.Connections;

namespace Strata.Chaos.Stack;

/// <summary>A Redis with an append-only file as <c>infra/redis</c> ships it: written every second.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan KillBudget = TimeSpan.FromSeconds(10);

    private readonly string _executable;
    private readonly DirectoryInfo _folder;
    private Process? _process;

    /// <param name="executable">Of Redis.</param>
    /// <param name="folder">For its files and its log.</param>
    public RedisServer(string executable, string folder) => (_executable, _folder) = (executable, Directory.CreateDirectory(folder));

    public int Port { get; } = FreePorts.Take(1);

    /// <summary>Further settings.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

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
        // A file that may grow no further is told so by an error, as a full disk tells it, and not by the signal that would end Redis.
        _process = Process.Start(new ProcessStartInfo(
            "/bin/bash",
            [
                "-c", "trap '' XFSZ; exec \"$@\"", "bash", _executable,
                "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName,
                "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction",
                "--logfile", Path.Combine(_folder.FullName, "redis.log"), .. Settings,
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
        if (!await Shell.EndsAsync(Process, KillBudget))
        {
            throw new TimeoutException($"The store at {Port} was killed and has not ended.");
        }
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
        var file = AppendOnlyFile();
        var length = file.Length;
        await Task.Delay(span, cancellationToken);
        await KillAsync();
        await using var stream = file.OpenWrite();
        stream.SetLength(Math.Min(length, stream.Length));
    }

    /// <summary>
    /// Lets its files grow no further than the append-only one has grown, as on a full disk; or again as they need. Its log lines are lost
    /// meanwhile too.
    /// </summary>
    public Task FillDiskAsync(bool full, CancellationToken cancellationToken)
        => Shell.RunAsync(
            "prlimit",
            [
                $"--pid={Process.Id}",
                full ? string.Create(CultureInfo.InvariantCulture, $"--fsize={AppendOnlyFile().Length}:") : "--fsize=unlimited:",
            ],
            cancellationToken);

    /// <summary>Runs a command of operators; what it answers.</summary>
    public async Task<string> ExecuteAsync(string command, params object[] arguments)
    {
        await using var multiplexer = await ConnectAsync();
        return (string?)await multiplexer.GetServer(Address).ExecuteAsync(command, arguments) ?? "";
    }

    /// <summary>Bytes that it uses.</summary>
    public async Task<long> UsedBytesAsync()
    {
        await using var multiplexer = await ConnectAsync();
        return long.Parse(
            (await multiplexer.GetServer(Address).InfoAsync("memory")).SelectMany(section => section)
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

    private FileInfo AppendOnlyFile()
        => _folder.EnumerateFiles("*.incr.aof", SearchOption.AllDirectories).OrderBy(file => file.Name.Length)
            .ThenBy(file => file.Name, StringComparer.Ordinal).Last();

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
