using System.Text.RegularExpressions;
using Strata.Testing;

namespace Strata.Architecture;

/// <summary>The shape of source files: short, named by what they are about.</summary>
[Trait("height", "unit")]
public sealed partial class SourceFileTests
{
    private const int LongestFile = 250;
    private const int LongestLine = 140;
    private const int LongestProgram = 20;

    /// <summary>Files that may be longer, and why.</summary>
    private static readonly IReadOnlyDictionary<string, string> LongWithReason = new Dictionary<string, string>
    {
        ["services/shared/Strata.Streaming/Consuming/Committing/TransactionBuffer.cs"] =
            "one lock guards what is open, sealed, in flight and committed; apart, each part would need the others' lock",
        ["services/shared/Strata.Streaming/Consuming/Polling/PollLoop.cs"] =
            "one thread owns the client and the slots; apart, each part would need to know that it runs there",
        ["tests/Strata.Clustering.Tests/Reducer/LayerReducerHandlerTests.cs"] = "the cases of one handler",
        ["tests/Strata.Testing/Poison/GoodMessages.cs"] = "one message of each kind, with every field",
        ["tests/Strata.Ranking.Tests/Shadow/ShadowHandlerTests.cs"] = "the cases of one handler",
    };

    /// <summary>Words that say nothing about what a thing is.</summary>
    private static readonly string[] EmptyWords =
    [
        "Util", "Utils", "Utilities", "Helper", "Helpers", "Common", "Constants", "Manager", "Processor", "Data", "Info", "Misc",
        "Feedback", "Label", "Labels",
    ];

    [Fact]
    public void File_IsShortOrHasAReason()
    {
        var faults = Layout.Sources.Select(path => (Path: path, Lines: Lines(path)))
            .Where(file => file.Lines > LongestFile && !LongWithReason.ContainsKey(file.Path))
            .Select(file => $"{file.Path} has {file.Lines} lines");

        Assert.Empty(faults);
    }

    [Theory]
    [MemberData(nameof(RoomTests.AllProjects), MemberType = typeof(RoomTests))]
    public void Line_IsAtMost140Characters(string project)
        => Assert.Empty(Layout.SourcesOf(project)
            .SelectMany(path => File.ReadLines(Path.Combine(Repository.Root, path))
                .Select((line, number) => (Text: line, Place: $"{path}:{number + 1}")))
            .Where(line => line.Text.Length > LongestLine)
            .Select(line => line.Place));

    [Fact]
    public void Reason_IsStillNeeded() => Assert.All(LongWithReason.Keys, path => Assert.True(Lines(path) > LongestFile, path));

    [Fact]
    public void Program_IsATableOfContents()
    {
        var programs = Layout.Sources.Where(path => path.StartsWith("services/", StringComparison.Ordinal)
            && path.EndsWith("/Program.cs", StringComparison.Ordinal));

        Assert.All(programs, path =>
        {
            Assert.True(Lines(path) <= LongestProgram, path);
            Assert.DoesNotMatch(@"\bif\b", Layout.Read(path));
        });
    }

    [Fact]
    public void FileName_SaysWhatItIs()
        => Assert.DoesNotContain(
            Layout.Sources,
            path => Words().Matches(Path.GetFileNameWithoutExtension(path)).Select(m => m.Value).Intersect(EmptyWords).Any());

    [Fact]
    public void FileName_IsNotExtensions()
        => Assert.DoesNotContain(Layout.Sources, path => Path.GetFileName(path) == "Extensions.cs");

    [Fact]
    public void TypeName_SaysWhatItIs()
        => Assert.Empty(Layout.Sources
            .SelectMany(path => TypeNames().Matches(Layout.Read(path)).Select(m => (Path: path, Name: m.Groups[1].Value)))
            .Where(type => Words().Matches(type.Name).Select(m => m.Value).Intersect(EmptyWords).Any())
            .Select(type => $"{type.Path}: {type.Name}"));

    /// <summary>Wherever a reader meets a name, it is the same thing. Each room has its own log lines and its own wiring.</summary>
    [Fact]
    public void TypeName_NamesOneType()
        => Assert.Empty(Layout.Sources
            .Where(path => path.StartsWith("services/", StringComparison.Ordinal) && !IsOfEveryRoom(Path.GetFileName(path)))
            .SelectMany(path => TopTypes().Matches(Layout.Read(path)).Select(m => (Name: m.Groups[1].Value, Project: path)))
            .GroupBy(type => type.Name)
            .Where(types => types.Count() > 1)
            .Select(types => string.Join(" and ", types.Select(type => type.Project))));

    [Fact]
    public void Namespace_IsFileScoped()
        => Assert.DoesNotContain(Layout.Sources, path => BlockNamespaces().IsMatch(Layout.Read(path)));

    [Fact]
    public void Instrument_HasOurNameOrOneOfTheConventions()
    {
        var names = Layout.Sources.Where(path => path.StartsWith("services/", StringComparison.Ordinal))
            .SelectMany(path => Instruments().Matches(Layout.Read(path)).Select(m => m.Groups[1].Value)).ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Matches(@"^(strata|messaging)\.[a-z_]+(\.[a-z_]+)*$", name));
    }

    private static bool IsOfEveryRoom(string file) => file == "Log.cs" || file.EndsWith("Services.cs", StringComparison.Ordinal);

    private static int Lines(string path) => File.ReadLines(Path.Combine(Repository.Root, path)).Count();

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Words();

    [GeneratedRegex(
        @"^\s*(?:(?:public|internal|private|file|sealed|static|abstract|partial|readonly|ref) )*"
        + @"(?:class|record|struct|interface|enum|record struct) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypeNames();

    [GeneratedRegex(
        @"^(?:public|internal) (?:(?:sealed|static|abstract|readonly|ref) )*(?:record struct|record|class|struct|interface|enum) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopTypes();

    [GeneratedRegex(@"^namespace [\w.]+\s*\{", RegexOptions.Multiline)]
    private static partial Regex BlockNamespaces();

    [GeneratedRegex(@"\.Create(?:Observable)?(?:UpDown)?(?:Counter|Gauge|Histogram)(?:<\w+>)?\(\s*""([^""]+)""")]
    private static partial Regex Instruments();
}
