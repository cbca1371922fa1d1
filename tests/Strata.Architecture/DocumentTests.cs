using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Contracts;
using Strata.Testing;

namespace Strata.Architecture;

/// <summary>README, CONTRIBUTING, the handbook and the decisions say only what the tree has, and README stays short.</summary>
[Trait("height", "unit")]
public sealed partial class DocumentTests
{
    private const int ReadmeWords = 1_200;
    private const int LongestLine = 140;
    private const string Readme = "README.md";
    private const string Handbook = "infra/handbook";
    private const string Decisions = "infra/decisions";
    private const string ContractsPage = "contracts/README.md";
    private const string WebRoot = "services/Strata.Console/wwwroot";

    public static TheoryData<string> Pages => [
        Readme,
        "CONTRIBUTING.md",
        ContractsPage,
        "contracts/Strata.Client/README.md",
        "services/shared/Strata.Streaming/README.md",
        "services/tools/Strata.Cli/README.md",
        .. PagesOf(Handbook),
        .. PagesOf(Decisions),
    ];

    /// <summary>Scripts and style sheets of the web console.</summary>
    public static TheoryData<string> WebSources => [
        .. Directory.GetFiles(Path.Combine(Repository.Root, WebRoot), "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".js" or ".css" && Path.GetFileName(Path.GetDirectoryName(path)) != "vendor")
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Words outside of code, tables and all.</summary>
    [Fact]
    public void Readme_IsReadInFiveMinutes()
        => Assert.InRange(Words().Count(Prose(Readme)), ReadmeWords / 4, ReadmeWords);

    [Fact]
    public void Readme_FirstScreen_SaysWhatALayerIsWhatToRunAndWhereASlateIsMade()
    {
        var screen = Layout.Read(Readme).Split("\n## ")[0];

        Assert.Contains("What is a layer?", screen, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project services/Strata.Local", screen, StringComparison.Ordinal);
        Assert.Contains("(services/Strata.Ranking)", screen, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Link_LeadsToAFile(string page)
        => Assert.All(Found(Links(), Prose(page)), link => Assert.True(Exists(Path.Combine(Path.GetDirectoryName(page)!, link)), link));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Path_Exists(string page)
        => Assert.All(Found(Paths(), Prose(page)), path => Assert.True(Exists(path), path));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Project_OfACommand_Exists(string page)
        => Assert.All(Found(CommandProjects(), Layout.Read(page)), path => Assert.True(Exists(path), path));

    [Theory]
    [MemberData(nameof(Pages))]
    public void User_IsThey(string page) => Assert.DoesNotMatch(@"\b([Hh]e|[Hh]is|[Hh]im|[Hh]imself)\b", Layout.Read(page));

    /// <summary>Rows of tables, and lines that hold an address, may be as long as they are.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Line_OfAPage_IsAtMost140Characters(string page)
        => Assert.All(
            Prose(page).Split('\n').Where(line => !Unbreakable().IsMatch(line)),
            line => Assert.InRange(line.Length, 0, LongestLine));

    [Theory]
    [MemberData(nameof(WebSources))]
    public void Line_OfTheWebConsole_IsAtMost140Characters(string path)
        => Assert.All(Layout.Read(path).Split('\n'), line => Assert.InRange(line.Length, 0, LongestLine));

    [Theory]
    [InlineData(Handbook)]
    [InlineData(Decisions)]
    public void Index_ListsEveryPage(string folder)
    {
        var index = Found(Links(), Prose($"{folder}/{Readme}")).Select(page => $"{folder}/{page}").ToHashSet();

        Assert.All(PagesOf(folder).Where(page => !page.EndsWith(Readme, StringComparison.Ordinal)), page => Assert.Contains(page, index));
    }

    [Fact]
    public void Decisions_AreCountedWithoutASilentGap()
    {
        var rows = DecisionRows().Matches(Layout.Read($"{Decisions}/{Readme}"))
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .ToList();

        Assert.Equal(Enumerable.Range(1, rows.Count), rows);
        Assert.Contains(PagesOf(Decisions), page => page.StartsWith($"{Decisions}/{rows.Count:0000}-", StringComparison.Ordinal));
    }

    [Fact]
    public void Topics_AreThoseOfTheContracts()
    {
        var told = TopicRows().Matches(Layout.Read($"{Handbook}/topics.md"))
            .Select(match => (Name: match.Groups[1].Value, Partitions: match.Groups[2].Value, Kept: match.Groups[3].Value));

        Assert.Equal(
            Topics.All.Append(Topics.Quarantine)
                .Select(topic => (topic.Name, topic.Partitions.ToString(CultureInfo.InvariantCulture), Kept(topic.Retention))),
            told);
    }

    [Fact]
    public void Topics_OfTheContractsPage_AreThoseOfTheContracts()
        => Assert.Equal(Topics.All.Select(topic => topic.Name), Found(TopicValues(), Layout.Read(ContractsPage)));

    private static string Kept(TimeSpan? retention)
        => retention switch
        {
            null => "compacted",
            { Days: 1 } => "1 day",
            { Days: var days } => $"{days.ToString(CultureInfo.InvariantCulture)} days",
        };

    private static IEnumerable<string> PagesOf(string folder)
        => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.md")
            .Select(path => $"{folder}/{Path.GetFileName(path)}")
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Found(Regex regex, string text) => regex.Matches(text).Select(match => match.Groups[1].Value);

    private static string Prose(string page) => Fences().Replace(Layout.Read(page), "");

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\S+")]
    private static partial Regex Words();

    /// <summary>Targets of links within the repository, without what follows a '#'.</summary>
    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)([^)#\s]+)")]
    private static partial Regex Links();

    /// <summary>What stands alone in backticks and begins as a path from the root does.</summary>
    [GeneratedRegex(@"`((?:\.ci|contracts|infra|services|tests)/[\w./-]*)`")]
    private static partial Regex Paths();

    [GeneratedRegex(@"--project ([\w./-]+)")]
    private static partial Regex CommandProjects();

    [GeneratedRegex(@"^\| \[?(\d+)\b", RegexOptions.Multiline)]
    private static partial Regex DecisionRows();

    /// <summary>A row of a table, a link, an address.</summary>
    [GeneratedRegex(@"^\s*\||\]\(|https?://")]
    private static partial Regex Unbreakable();

    /// <summary>Topic, partitions, retention.</summary>
    [GeneratedRegex(@"^\| `(strata\.[\w.-]+)` \| (\d+) \| ([\w ]+) \|", RegexOptions.Multiline)]
    private static partial Regex TopicRows();

    /// <summary>A topic before the message that lies in it.</summary>
    [GeneratedRegex(@"^\| `(strata\.[\w.-]+)` \| `", RegexOptions.Multiline)]
    private static partial Regex TopicValues();
}
