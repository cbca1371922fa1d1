using System.CommandLine;

namespace Strata.Cli.Frame;

/// <summary>A command that works, with the examples that its help shows.</summary>
internal sealed class StrataCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Examples of a command, each a whole line; of a group the first one of each of its commands.</summary>
    public static IEnumerable<string> ExamplesOf(Command command)
        => command is StrataCommand { Examples: var own } ? own : command.Subcommands.SelectMany(sub => ExamplesOf(sub).Take(1));

    /// <summary>
    /// What the command does. It reports through the session; every fault ends it with the fitting exit code and one line.
    /// </summary>
    public void Does(Func<ParseResult, Session, CancellationToken, Task<ExitCode>> work) => SetAction(async (parsed, cancellationToken) =>
    {
        var session = new Session(parsed);
        try
        {
            return (int)await work(parsed, session, cancellationToken);
        }
        catch (Exception fault)
        {
            return session.Fail(fault, cancellationToken.IsCancellationRequested);
        }
    });

    private IReadOnlyList<string> Examples { get; } = examples;
}
