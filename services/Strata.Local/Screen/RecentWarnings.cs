using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Strata.Local.Screen;

/// <summary>Keeps the newest warnings and errors of the services for the screen, where a line in between would tear the picture.</summary>
internal sealed class RecentWarnings : ILoggerProvider
{
    private const int Kept = 3;

    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Newest() => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Line(RecentWarnings owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var fault = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
            owner._lines.Enqueue($"{logLevel}: {category}: {formatter(state, exception)}{fault}");
            while (owner._lines.Count > Kept)
            {
                owner._lines.TryDequeue(out _);
            }
        }
    }
}
