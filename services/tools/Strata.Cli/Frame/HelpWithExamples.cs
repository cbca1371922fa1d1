using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Strata.Cli.Frame;

/// <summary>The usual help, then examples; that of <c>strata</c> itself tells the exit codes too.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    private const string ExitCodes = """
        Exit codes:
          0    done
          1    failed, or the work found what it should not (refused events)
          2    bad arguments or input: an unknown option, a file that is missing or broken
          3    a service could not be reached or was too slow
          130  cancelled by Ctrl-C

        Results go to standard output; progress, messages and faults to standard error.
        """;

    /// <summary>A command as it is typed.</summary>
    public static string NameOf(Command command)
        => command is RootCommand ? "strata" : $"{NameOf(command.Parents.OfType<Command>().First())} {command.Name}";

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        var (command, to) = (parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        to.WriteLine("Examples:");
        foreach (var example in StrataCommand.ExamplesOf(command))
        {
            to.WriteLine($"  {example}");
        }

        to.WriteLine();
        if (command is RootCommand)
        {
            to.WriteLine(ExitCodes);
        }

        return code;
    }
}
