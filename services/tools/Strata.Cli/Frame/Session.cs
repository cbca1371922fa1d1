using System.CommandLine;
using Spectre.Console;
using Strata.Evaluator.Reports;

namespace Strata.Cli.Frame;

/// <summary>
/// What one run of a command says, and where: its result on standard output (a table for people, or JSON and nothing else), progress,
/// messages and faults on standard error.
/// </summary>
internal sealed class Session
{
    /// <summary>A file or a pipe has no width of its own, and a table that wraps cannot be read.</summary>
    private const int LeastWidth = 140;

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly IAnsiConsole _messages;
    private readonly bool _verbose;
    private readonly bool _jsonOnly;
    private readonly FileInfo? _jsonFile;

    public Session(ParseResult parsed)
    {
        var root = (StrataRoot)parsed.RootCommandResult.Command;
        (_output, _error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        _messages = ConsoleTo(_error);
        _verbose = parsed.GetValue(root.Verbose) || Environment.GetEnvironmentVariable(StrataRoot.DebugVariable) is { Length: > 0 };
        _jsonFile = parsed.GetValue(root.Json);
        _jsonOnly = _jsonFile is null && parsed.GetResult(root.Json) is not null;
    }

    /// <summary>Says something beside the result.</summary>
    public void Tell(string message) => _error.WriteLine(message);

    /// <summary>Shows how far the work is: bars where a person looks on, a line now and then where standard error is redirected.</summary>
    public Task<T> WithProgressAsync<T>(Func<IEvaluationProgress, Task<T>> work, CancellationToken cancellationToken)
        => _messages.Profile.Out.IsTerminal
            ? ProgressBars.RunAsync(_messages, bars => work(new StoppableProgress(bars, cancellationToken)))
            : work(new StoppableProgress(new ProgressLines(_error, TimeProvider.System), cancellationToken));

    /// <summary>Hands over the result: as JSON where that is asked for, printed unless the JSON goes to standard output.</summary>
    public async Task ReportAsync<T>(T report, Action<IAnsiConsole, T> print, CancellationToken cancellationToken)
    {
        if (_jsonOnly)
        {
            await _output.WriteLineAsync(ReportJson.ToText(report).AsMemory(), cancellationToken);
            return;
        }

        print(ConsoleTo(_output), report);
        if (_jsonFile is not null)
        {
            await ReportJson.WriteAsync(_jsonFile, report, cancellationToken);
        }
    }

    /// <summary>Says what went wrong; returns the exit code.</summary>
    public int Fail(Exception exception, bool cancelled)
    {
        var fault = Fault.Of(exception, cancelled);
        _error.WriteLine($"strata: {fault.Text}");
        if (_verbose)
        {
            _error.WriteLine(exception);
        }

        return (int)fault.ExitCode;
    }

    private static IAnsiConsole ConsoleTo(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = Math.Max(console.Profile.Width, LeastWidth);
        return console;
    }
}
