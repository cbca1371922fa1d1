using System.Text.RegularExpressions;

namespace Strata.Architecture;

/// <summary>
/// A test class says how much it starts, so that the quick ones can be run alone: CONTRIBUTING.md says what each height is.
/// </summary>
[Trait("height", "unit")]
public sealed partial class HeightTests
{
    /// <summary>From pure code to all services.</summary>
    private static readonly string[] Heights = ["unit", "harness", "embedded", "real", "system"];

    /// <summary>Projects of tests that the runner runs.</summary>
    public static TheoryData<string> Projects => new(Layout.Folders
        .Where(project => project.Value.StartsWith("tests/", StringComparison.Ordinal)
            && !project.Key.StartsWith("Strata.Testing", StringComparison.Ordinal) && project.Key != "Strata.Benchmarks")
        .Select(project => project.Key).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void TestClass_SaysItsHeightOnce(string project)
    {
        var sources = Layout.SourcesOf(project).Select(Layout.Read).ToList();
        var bases = sources.SelectMany(source => Bases().Matches(source).Select(match => match.Groups[1].Value)).ToHashSet();
        var classes = sources
            .SelectMany(source => Classes().Matches(source)
                .Where(match => bases.Contains(match.Groups["base"].Value) || HasTests(source, match)))
            .ToList();

        Assert.NotEmpty(classes);
        Assert.All(classes, match =>
        {
            var said = HeightTraits().Matches(match.Groups["attributes"].Value).Select(trait => trait.Groups[1].Value).ToList();
            Assert.True(said.Count == 1 && Heights.Contains(said[0]), $"{match.Groups["name"].Value} says {string.Join(" and ", said)}");
        });
    }

    /// <summary>Whether a test stands between this class's declaration and the next one.</summary>
    private static bool HasTests(string source, Match declaration)
    {
        var next = Classes().Match(source, declaration.Index + declaration.Length);
        return Tests().IsMatch(source[declaration.Index..(next.Success ? next.Index : source.Length)]);
    }

    [GeneratedRegex(@"^\s+\[(?:Fact|Theory)\b", RegexOptions.Multiline)]
    private static partial Regex Tests();

    [GeneratedRegex(@"^public abstract (?:partial )?class (\w+)", RegexOptions.Multiline)]
    private static partial Regex Bases();

    [GeneratedRegex(
        @"^(?<attributes>(?:\[[^\n]*\]\n)*)public sealed (?:partial )?class (?<name>\w+)(?:\([^)]*\))?\s*(?::\s*(?<base>\w+))?",
        RegexOptions.Multiline)]
    private static partial Regex Classes();

    [GeneratedRegex(@"\[Trait\(""height"", ""(\w+)""\)\]")]
    private static partial Regex HeightTraits();
}
