using System.Xml.Linq;
using Strata.Testing;

namespace Strata.Architecture;

/// <summary>A pinned version is one that some project builds with.</summary>
[Trait("height", "unit")]
public sealed class PackageTests
{
    [Fact]
    public void EveryPin_IsReferenced()
    {
        var pins = Includes("Directory.Packages.props", "PackageVersion");
        var referenced = Layout.Folders.SelectMany(project => Includes($"{project.Value}/{project.Key}.csproj", "PackageReference"))
            .Concat(Includes("Directory.Build.props", "PackageReference"))
            .ToHashSet();

        Assert.DoesNotContain(pins, pin => !referenced.Contains(pin));
    }

    private static IEnumerable<string> Includes(string file, string element)
        => XDocument.Load(Path.Combine(Repository.Root, file)).Descendants(element).Select(found => found.Attribute("Include")!.Value);
}
