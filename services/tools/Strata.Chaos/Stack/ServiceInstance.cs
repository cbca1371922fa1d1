using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Strata.Chaos.Clocks;
using Strata.Chaos.Connections;
using Strata.Contracts;

namespace Strata.Chaos.Stack;

/// <summary>One instance of a service as a process of its own, on ports and under a name that stay over its restarts.</summary>
internal sealed class ServiceInstance : IAsyncDisposable
{
    private const string ConsumerCheck = "consumer:";

    private static readonly TimeSpan StopBudget = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan KillBudget = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string> _environment;
    private readonly WallClock? _clock;
    private readonly string _folder;
    private readonly StreamWriter _output;
    private readonly HttpClient _http;
    private Process? _process;

    public ServiceInstance(
        string service, int number, string folder, string logs, IReadOnlyDictionary<string, string> settings, WallClock? clock)
    {
        (Service, Name, _folder, _clock) = (service, $"{service}-{number}", folder, clock);
        var port = FreePorts.Take(2);
        _environment = settings.Append(new("Streaming:InstanceId", Name)).Append(new("Endpoints:Http", $"{port}"))
            .Append(new("Endpoints:Grpc", $"{port + 1}"))
            .ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value, StringComparer.Ordinal);
        _output = new StreamWriter(Path.Combine(logs, $"{Name}.log"), append: true) { AutoFlush = true };
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(2) };
        Address = $"http://127.0.0.1:{port + 1}";
        Channel = GrpcChannel.ForAddress(Address);
    }

    public string Service { get; }

    public string Name { get; }

    /// <summary>Where its calls go.</summary>
    public string Address { get; }

    public GrpcChannel Channel { get; }

    /// <summary>Its process; it must have been started.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Its calls, with the key of the environment where there is one.</summary>
    public CallInvoker Calls => Channel.WithKey(CallerKey.FromEnvironment);

    /// <summary>True while its process may end: the campaign harms it.</summary>
    public bool MayEnd { get; private set; } = true;

    /// <summary>It may tell another time than the machine's.</summary>
    public bool IsClockWrong { get; private set; }

    /// <summary>Exit code of a process that ended though nobody harmed it; null while all is well.</summary>
    public int? EndedByItself => !MayEnd && _process is { HasExited: true } ended ? ended.ExitCode : null;

    public void Start()
    {
        _process?.Dispose();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(_folder, $"Strata.{Service}.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        foreach (var (key, value) in _environment.Concat(_clock?.Environment ?? new Dictionary<string, string>()))
        {
            start.Environment[key] = value;
        }

        Write($"---- started at {TimeProvider.System.GetUtcNow():O}");
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Write(line.Data);
        _process.ErrorDataReceived += (_, line) => Write(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        MayEnd = false;
    }

    /// <summary>Waits until it says that it is ready, or ends.</summary>
    public async Task ReadyAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(started) > budget || _process!.HasExited)
            {
                throw new TimeoutException($"{Name} is not ready after {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s.");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Names of the consumer groups that it takes part in, as its health has them.</summary>
    public async Task<IReadOnlyList<string>> GroupsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
                using var health = await JsonDocument.ParseAsync(
                    await answer.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
                return
                [
                    .. health.RootElement.GetProperty("checks").EnumerateObject().Select(check => check.Name)
                        .Where(name => name.StartsWith(ConsumerCheck, StringComparison.Ordinal))
                        .Select(name => name[ConsumerCheck.Length..]),
                ];
            }
            catch (Exception fault) when (IsUnanswered(fault) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    public async Task KillAsync()
    {
        MayEnd = true;
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            if (!await Shell.EndsAsync(running, KillBudget))
            {
                throw new TimeoutException($"{Name} was killed and has not ended.");
            }
        }
    }

    /// <summary>Stops it in good order; its exit code, or null when it did not end in time and was killed.</summary>
    public async Task<int?> StopAsync()
    {
        MayEnd = true;
        if (_process!.HasExited)
        {
            return _process.ExitCode;
        }

        Shell.Signal(_process, Signal.Terminate);
        if (!await Shell.EndsAsync(_process, StopBudget))
        {
            await KillAsync();
            return null;
        }

        if (_process.HasExited)
        {
            return _process.ExitCode;
        }

        Write("---- ended; with which code was lost");
        return 0;
    }

    /// <summary>Its wall clock is so far ahead of the right time from now on.</summary>
    public async Task StepClockAsync(TimeSpan offset, CancellationToken cancellationToken)
    {
        IsClockWrong = true;
        await _clock!.StepAsync(offset, cancellationToken);
        IsClockWrong = offset != TimeSpan.Zero;
    }

    public void Pause() => Shell.Signal(_process!, Signal.Stop);

    public void Resume() => Shell.Signal(_process!, Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        Channel.Dispose();
        _http.Dispose();
        await _output.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (IsUnanswered(fault) && !cancellationToken.IsCancellationRequested)
        {
            return false; // not listening yet
        }
    }

    private static bool IsUnanswered(Exception fault) => fault is HttpRequestException or TaskCanceledException;

    private void Write(string? line)
    {
        lock (_output)
        {
            if (line is not null && _output.BaseStream is { CanWrite: true })
            {
                _output.WriteLine(line);
            }
        }
    }
}
