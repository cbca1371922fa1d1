using System.Text.RegularExpressions;
using Strata.Testing;

namespace Strata.Contracts.Tests;

/// <summary>The page about the contracts leaves nothing out, and names nothing that is not there.</summary>
[Trait("height", "unit")]
public sealed partial class PageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "contracts", "README.md"));

    [Fact]
    public void Page_ListsEveryPackageAndNoOther()
        => Assert.Equal(Protos.Files.Select(file => file.Package).Distinct().Order(), Rows("Packages").Order());

    [Fact]
    public void Page_ListsEveryTopicAndNoOther()
        => Assert.Equal(Topics.All.Select(topic => topic.Name), Rows("Topics"));

    [Fact]
    public void Page_NamesServicesAndMessagesThatAreThere()
    {
        var known = Protos.Messages.Select(message => message.Name)
            .Concat(Protos.Files.SelectMany(file => file.Services).Select(service => service.Name))
            .Concat(Protos.Files.SelectMany(file => file.Services).SelectMany(service => service.Methods).Select(method => method.Name))
            .Append("Timestamp")
            .ToHashSet();

        Assert.All(Names().Matches(Page).Select(match => match.Groups[1].Value), name => Assert.Contains(name, known));
    }

    /// <summary>The first cells of the table below a heading.</summary>
    private static IEnumerable<string> Rows(string heading)
        => FirstCells().Matches(Page.Split("\n## ").Single(part => part.StartsWith(heading + "\n", StringComparison.Ordinal)))
            .Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"(?m)^\| `([^`]+)` \|")]
    private static partial Regex FirstCells();

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Names();
}
