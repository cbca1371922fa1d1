using System.Text.RegularExpressions;
using Strata.Testing;

namespace Strata.Architecture;

/// <summary>The handbook's lists of options and metrics are those of the code, each with a word on what it is.</summary>
[Trait("height", "unit")]
public sealed partial class HandbookListsTests
{
    internal const string Write = "STRATA_WRITE_LISTS";

    [Fact]
    public void Options_AreThoseOfTheCode() => AssertWritten("options.md", HandbookLists.Options());

    [Fact]
    public void Metrics_AreThoseOfTheCode() => AssertWritten("metrics.md", HandbookLists.Metrics());

    [Fact]
    public void Option_IsSaidInWords()
        => Assert.All(
            HandbookLists.Options().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)),
            row => Assert.True(row.Split(" | ")[2].Trim().Length > 3, row));

    /// <summary>Whatever is made under a name of ours is in the list, however the call is written.</summary>
    [Fact]
    public void Metric_OfEveryCreation_IsListedInWords()
    {
        var listed = HandbookLists.Instruments().Select(metric => metric.Name).ToHashSet(StringComparer.Ordinal);
        var made = Layout.Sources.Where(path => path.StartsWith("services/", StringComparison.Ordinal))
            .SelectMany(path => Made().Matches(Layout.Read(path)).Select(match => match.Groups[1].Value));

        Assert.Equal(made.Distinct().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.All(
            HandbookLists.Instruments(),
            metric => Assert.True(metric.What.Length > 8 && metric.Labels.All(label => label.Length > 0), metric.Name));
    }

    private static void AssertWritten(string page, string expected)
    {
        var path = Path.Combine(Repository.Root, "infra/handbook", page);
        if (Environment.GetEnvironmentVariable(Write) is { Length: > 0 })
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == expected,
            $"infra/handbook/{page} is not what the code says. Write it anew: {Write}=1, then this test");
    }

    [GeneratedRegex(@"\.Create(?:Observable)?(?:Counter|Histogram|Gauge|UpDownCounter)(?:<\w+>)?\(\s*""([a-z_.]+)""")]
    private static partial Regex Made();
}
