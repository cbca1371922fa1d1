using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Strata.Cli.Frame;

/// <summary>The command <c>strata</c>: what all commands have, and how the process ends.</summary>
internal sealed class StrataRoot : RootCommand
{
    /// <summary>Environment variable that does what <c>--verbose</c> does, for calls that cannot be changed.</summary>
    public const string DebugVariable = "STRATA_DEBUG";

    /// <summary>How long work may take to end after Ctrl-C.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public StrataRoot(string description, params IEnumerable<Command> commands)
        : base(description)
    {
        Add(Json);
        Add(Verbose);
        Json.Validators.Add(result =>
        {
            if (result.Tokens is [var file] && Directory.Exists(file.Value))
            {
                result.AddError($"--json: '{file.Value}' is a folder. Name a file, or put --json last.");
            }
        });
        foreach (var command in commands)
        {
            Add(command);
        }

        var help = Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    public Option<FileInfo?> Json { get; } = new("--json")
    {
        Description = "Write the result as JSON to FILE; without FILE to standard output, and nothing else there.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = $"Show where a fault came from; also environment variable {DebugVariable}.",
        Recursive = true,
    };

    /// <summary>Runs one command line; returns an <see cref="ExitCode"/>.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="output">Results, and help that was asked for.</param>
    /// <param name="error">Progress, messages, faults.</param>
    /// <param name="cancellationToken">Ends the work; Ctrl-C does so too.</param>
    public async Task<int> RunAsync(
        IReadOnlyList<string> args,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken = default)
    {
        ParseResult parsed;
        try
        {
            parsed = Parse(args);
        }
        catch (InvalidOperationException fault)
        {
            // A validator asked for a value that is no value of its type.
            return Refuse(error, this, [fault.Message]);
        }

        if (parsed.Action is ParseErrorAction)
        {
            return Refuse(error, parsed.CommandResult.Command, parsed.Errors.Select(fault => fault.Message));
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Patience,
        };
        return await parsed.InvokeAsync(configuration, cancellationToken);
    }

    /// <summary>Says what is wrong with the arguments; the names of .NET types in it are nobody's business.</summary>
    private static int Refuse(TextWriter error, Command command, IEnumerable<string> faults)
    {
        var texts = faults.Select(fault => fault.Split(" as expected type")[0].TrimEnd('.') + ".").Distinct();
        error.WriteLine($"strata: {string.Join(' ', texts)} See: {HelpWithExamples.NameOf(command)} --help");
        return (int)ExitCode.BadInput;
    }
}
