using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Tests.Harness;

/// <summary>Keeps log lines, shows them in the test output, and lets a test wait for one.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource Seen)> _waits = [];
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    public Task Seen(string part)
    {
        lock (_lock)
        {
            if (_lines.Exists(line => line.Contains(part, StringComparison.Ordinal)))
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((line => line.Contains(part, StringComparison.Ordinal), seen));
            return seen.Task;
        }
    }

    public int Count(string part)
    {
        lock (_lock)
        {
            return _lines.Count(line => line.Contains(part, StringComparison.Ordinal));
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var fault = exception is null ? "" : $" [{exception.GetType().Name}: {exception.Message}]";
        var line = $"{logLevel}: {formatter(state, exception)}{fault}";
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var wait in _waits.Where(wait => wait.Wanted(line)))
            {
                wait.Seen.TrySetResult();
            }
        }

        try
        {
            _output?.WriteLine($"{TimeProvider.System.GetElapsedTime(_started).TotalSeconds:F3} {line}");
        }
        catch (InvalidOperationException)
        {
            // The test is over; the client's last lines have nowhere to go.
        }
    }

    public void Dispose()
    {
    }
}
