using System.Reflection;
using System.Xml.Linq;
using Strata.Testing;

namespace Strata.Architecture;

/// <summary>What the solution is made of.</summary>
internal static class Layout
{
    /// <summary>Services that run on their own; none of them may know another.</summary>
    public static readonly string[] Services = ["Strata.Ingestion", "Strata.Featurizer", "Strata.Clustering", "Strata.Ranking", "Strata.Optimizer"];

    /// <summary>What services stand on.</summary>
    public static readonly string[] Shared = ["Strata.Contracts", "Strata.Edge", "Strata.Numerics", "Strata.RankingModel", "Strata.ServiceDefaults", "Strata.Streaming"];

    /// <summary>Project files of services and shared projects, by name.</summary>
    public static IReadOnlyDictionary<string, XDocument> Projects { get; } =
        Directory.GetFiles(Path.Combine(Repository.Root, "services"), "*.csproj", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "contracts"), "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), XDocument.Load);

    /// <summary>Source files of the repository, without what the build makes, as paths from its root.</summary>
    public static IReadOnlyList<string> Sources { get; } =
    [
        .. new[] { "contracts", "services", "tests" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>An assembly of the solution, from the tests' own folder.</summary>
    public static Assembly Load(string name) => Assembly.Load(new AssemblyName(name));

    /// <summary>Names of the projects that a project file refers to.</summary>
    public static IEnumerable<string> ProjectReferences(string project)
        => Includes(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    /// <summary>Names of the packages that a project file refers to.</summary>
    public static IEnumerable<string> Packages(string project) => Includes(project, "PackageReference");

    private static IEnumerable<string> Includes(string project, string element)
        => Projects[project].Descendants(element).Select(e => e.Attribute("Include")!.Value);
}
