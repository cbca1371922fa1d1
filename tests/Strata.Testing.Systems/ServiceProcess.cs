using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Strata.Testing.Systems;

/// <summary>One service as a process of its own, on free ports of the loopback: what an operator starts, stops and kills.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const int LinesKept = 200;

    private static readonly TimeSpan StartBudget = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopBudget = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private int _warnings;

    private ServiceProcess(string name, Process process, int http, int grpc)
    {
        Name = name;
        _process = process;
        Http = new Uri($"http://127.0.0.1:{http}/");
        Grpc = new Uri($"http://127.0.0.1:{grpc}/");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>Name of the service, such as "Ingestion".</summary>
    public string Name { get; }

    /// <summary>JSON, health, metrics.</summary>
    public Uri Http { get; }

    /// <summary>gRPC.</summary>
    public Uri Grpc { get; }

    /// <summary>Warnings and errors written so far.</summary>
    public int Warnings => Volatile.Read(ref _warnings);

    /// <summary>The last lines that it wrote.</summary>
    public string Output => string.Join(Environment.NewLine, _output);

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a service and waits until it is ready.</summary>
    /// <param name="name">Name of the service, such as "Ingestion": <c>Strata.{name}.dll</c> lies beside the tests.</param>
    /// <param name="environment">Settings as environment variables.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ServiceProcess> StartAsync(
        string name,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken)
    {
        var (http, grpc) = FreePorts();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"Strata.{name}.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        start.Environment["Endpoints__Http"] = $"{http}";
        start.Environment["Endpoints__Grpc"] = $"{grpc}";
        var service = new ServiceProcess(
            name, Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start."), http, grpc);
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        try
        {
            await service.WaitUntilReadyAsync(cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it as a crash would: no drain, no farewell.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Lets it hang (SIGSTOP): to its peers it looks dead, and it will not know how long it was away.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on (SIGCONT).</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Stops it in good order (SIGTERM); returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync("TERM");
            using var budget = new CancellationTokenSource(StopBudget);
            await _process.WaitForExitAsync(budget.Token);
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    // Both are held while they are looked for: given back in between, the first may come again as the second.
    private static (int Http, int Grpc) FreePorts()
    {
        using var http = new TcpListener(IPAddress.Loopback, 0);
        using var grpc = new TcpListener(IPAddress.Loopback, 0);
        http.Start();
        grpc.Start();
        return (((IPEndPoint)http.LocalEndpoint).Port, ((IPEndPoint)grpc.LocalEndpoint).Port);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Http, Timeout = TimeSpan.FromSeconds(5) };
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{Name} ended with {_process.ExitCode}:{Environment.NewLine}{Output}");
            }

            if (Stopwatch.GetElapsedTime(started) > StartBudget)
            {
                throw new TimeoutException($"{Name} was not ready within {StartBudget}:{Environment.NewLine}{Output}");
            }

            try
            {
                using var answer = await client.GetAsync("health/ready", cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception fault) when (
                fault is HttpRequestException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Not listening yet, or too busy starting to answer: the loop asks again until the budget ends.
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (line.StartsWith("warn:", StringComparison.Ordinal)
            || line.StartsWith("fail:", StringComparison.Ordinal)
            || line.StartsWith("crit:", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _warnings);
        }

        _output.Enqueue(line);
        while (_output.Count > LinesKept)
        {
            _output.TryDequeue(out _);
        }
    }
}
