using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grpc.Core;
using Strata.Cli.Frame;
using Strata.Evaluator.Reports;

namespace Strata.Cli.Tests.Frame;

/// <summary>What every command of <c>strata</c> keeps: exit codes, one form of error, a clean standard output, examples.</summary>
[Trait("height", "unit")]
public sealed class StrataRootTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-cli-");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    /// <summary>Commands as they are typed, groups and the root among them.</summary>
    public static TheoryData<string> AllCommands => [.. Tree(Commands.Create()).Select(HelpWithExamples.NameOf)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(AllCommands))]
    public async Task Help_OfEveryCommand_HasExamplesThatParse(string command)
    {
        var code = await RunAsync([.. command.Split(' ').Skip(1), "--help"]);

        Assert.Equal(ExitCode.Done, code);
        var examples = _output.ToString()
            .Split('\n')
            .SkipWhile(line => line != "Examples:")
            .Skip(1)
            .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            Assert.StartsWith($"{command} ", example.Trim(), StringComparison.Ordinal);
            var typed = example.Trim().Split(' ').Skip(1).TakeWhile(word => word != ">").ToList();
            Assert.All(
                Commands.Create().Parse(typed).Errors,
                fault => Assert.Contains("does not exist", fault.Message, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Help_OfTheRoot_TellsEveryExitCode()
    {
        await RunAsync("--help");

        Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Matches($@"(?m)^  {(int)code} +\w", _output.ToString()));
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("nothing")]
    [InlineData("evaluate drift --sigma 99")]
    [InlineData("evaluate drift --sigma much")]
    [InlineData("evaluate policy --users 9")]
    [InlineData("evaluate search --items /no/such/file --judgments /no/such/file")]
    [InlineData("evaluate similar --events /no/such/file --items /no/such/file")]
    [InlineData("evaluate queries --items /no/such/file --judgments /no/such/file")]
    [InlineData("evaluate queries --items . --judgments . --searches 1.1")]
    [InlineData("evaluate queries --items . --judgments . --searches many")]
    [InlineData("evaluate queries --items . --judgments . --events -1")]
    [InlineData("replay /no/such/folder")]
    [InlineData("replay . --ingestion nowhere")]
    public async Task Arguments_ThatAreWrong_AreBadInput(string line)
    {
        var code = await RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.BadInput, code);
        AssertOneError("--help");
    }

    [Fact]
    public async Task Json_BeforeAFolder_IsNotTakenForAFile()
    {
        var code = await RunAsync("replay", "--json", _folder.FullName);

        Assert.Equal(ExitCode.BadInput, code);
        AssertOneError("put --json last");
    }

    [Fact]
    public async Task File_WithABrokenLine_IsBadInputAtItsLine()
    {
        var (items, judgments) = (Write("items.csv", "item,title\na,A\n"), Write("judgments.csv", "query,item,esci\nq,a,E\nq,a\n"));

        var code = await RunAsync("evaluate", "search", "--items", items, "--judgments", judgments);

        Assert.Equal(ExitCode.BadInput, code);
        AssertOneError($"{judgments}:3: ");
    }

    [Fact]
    public async Task Service_ThatIsNotThere_IsUnavailable()
    {
        Write("items.csv", "item,title\na,A\n");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();

        var code = await RunAsync("replay", _folder.FullName, "--ingestion", $"http://127.0.0.1:{port}", "--json");

        Assert.Equal(ExitCode.Unavailable, code);
        Assert.Empty(_output.ToString());
        Assert.Contains($"strata: Ingestion at http://127.0.0.1:{port}/ answers Unavailable", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.DeadlineExceeded, ExitCode.Unavailable)]
    [InlineData(StatusCode.ResourceExhausted, ExitCode.Unavailable)]
    [InlineData(StatusCode.InvalidArgument, ExitCode.BadInput)]
    [InlineData(StatusCode.Unimplemented, ExitCode.BadInput)]
    [InlineData(StatusCode.PermissionDenied, ExitCode.BadInput)]
    [InlineData(StatusCode.Internal, ExitCode.Failed)]
    internal async Task Work_WhoseServiceFails_EndsByItsStatus(StatusCode status, ExitCode expected)
    {
        var fault = new RpcException(new Status(status, "a reason"));

        var code = await RunAsync(Working((_, _) => throw new ServiceException("Ingestion", new Uri("http://there"), fault)), "work");

        Assert.Equal(expected, code);
        AssertOneError("a reason.");
    }

    [Fact]
    public async Task Work_ThatFails_SaysWhereOnlyWhenAsked()
    {
        var root = Working((_, _) => throw new InvalidOperationException("it broke"));

        Assert.Equal(ExitCode.Failed, await RunAsync(root, "work"));
        AssertOneError("it broke.");
        Assert.Equal(ExitCode.Failed, await RunAsync(root, "work", "--verbose"));
        Assert.Contains("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_WhoseFileCannotBeWritten_IsBadInput()
    {
        var root = Working((session, token) => session.ReportAsync(1, (_, _) => { }, token));
        var file = Write("file", "");

        Assert.Equal(ExitCode.BadInput, await RunAsync(root, "work", "--json", Path.Combine(file, "below.json")));
        AssertOneError("Give a path");
    }

    [Fact]
    public async Task Work_ThatIsCancelled_SaysSo()
    {
        using var stop = new CancellationTokenSource();
        var root = Working(async (session, token) =>
        {
            await stop.CancelAsync();
            await session.WithProgressAsync(Step, token);
        });

        var code = await root.RunAsync(["work"], _output, _error, stop.Token);

        Assert.Equal(ExitCode.Cancelled, (ExitCode)code);
        AssertOneError("cancelled.");
    }

    [Fact]
    public async Task Json_Alone_IsAllThatStandardOutputHas()
    {
        var root = Working(async (session, token) =>
        {
            session.Tell("a message");
            var found = await session.WithProgressAsync(Step, token);
            await session.ReportAsync(found, (console, _) => console.Write(new Spectre.Console.Text("a table")), token);
        });

        var code = await RunAsync(root, "work", "--json");

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(0.5, JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("hit_rate").GetDouble());
        Assert.DoesNotContain("a message", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("a message", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_WithAFile_WritesItBesideTheTable()
    {
        var root = Working(
            (session, token) => session.ReportAsync(
                new Rates(0.5),
                (console, _) => console.Write(new Spectre.Console.Text("a table")),
                token));
        var file = Path.Combine(_folder.FullName, "found.json");

        var code = await RunAsync(root, "work", "--json", file);

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("a table", _output.ToString().Trim());
        Assert.Contains("\"hit_rate\": 0.5", await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);
    }

    /// <summary>A root whose only command does the work of a test.</summary>
    private static StrataRoot Working(Func<Session, CancellationToken, Task> work)
    {
        var command = new StrataCommand("work", "Works.", "strata work");
        command.Does(async (_, session, cancellationToken) =>
        {
            await work(session, cancellationToken);
            return ExitCode.Done;
        });
        return new StrataRoot("A root.", command);
    }

    private static Task<Rates> Step(IEvaluationProgress progress)
    {
        progress.Begin("step", 2, "things")(1);
        return Task.FromResult(new Rates(0.5));
    }

    private sealed record Rates(double HitRate);

    private static IEnumerable<Command> Tree(Command command) => command.Subcommands.SelectMany(Tree).Prepend(command);

    private Task<ExitCode> RunAsync(params string[] args) => RunAsync(Commands.Create(), args);

    private async Task<ExitCode> RunAsync(StrataRoot root, params string[] args)
        => (ExitCode)await root.RunAsync(args, _output, _error, Cancellation);

    /// <summary>One line: who speaks, what is wrong, what would mend it. No stack trace, nothing on standard output.</summary>
    private void AssertOneError(string part)
    {
        Assert.Empty(_output.ToString());
        var line = Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches(@"^strata: .+\. .+", line);
        Assert.Contains(part, line, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
