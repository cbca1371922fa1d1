using System.Reflection;
using System.Xml.Linq;
using Strata.Testing;

namespace Strata.Architecture;

/// <summary>What the solution is made of.</summary>
internal static class Layout
{
    /// <summary>Services that run on their own; none of them may know another.</summary>
    public static readonly string[] Services =
        ["Strata.Ingestion", "Strata.Featurizer", "Strata.Clustering", "Strata.Ranking", "Strata.Optimizer"];

    /// <summary>What services stand on.</summary>
    public static readonly string[] Shared =
        ["Strata.Contracts", "Strata.Edge", "Strata.Numerics", "Strata.RankingModel", "Strata.ServiceDefaults", "Strata.Streaming"];

    private static readonly Dictionary<string, string> ProjectFiles = new[] { "contracts", "services", "tests" }
        .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);

    private static readonly Dictionary<string, XDocument> Documents =
        ProjectFiles.ToDictionary(project => project.Key, project => XDocument.Load(project.Value), StringComparer.Ordinal);

    /// <summary>Folders of all projects, by project name, as paths from the root.</summary>
    public static IReadOnlyDictionary<string, string> Folders { get; } =
        ProjectFiles.ToDictionary(
            project => project.Key, project => FromRoot(Path.GetDirectoryName(project.Value)!), StringComparer.Ordinal);

    /// <summary>Projects of services and of what they share.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Folders.Where(project => !project.Value.StartsWith("tests/", StringComparison.Ordinal)).Select(project => project.Key)];

    /// <summary>Source files of the repository, without what the build makes, as paths from its root.</summary>
    public static IReadOnlyList<string> Sources { get; } =
    [
        .. Folders.Values
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(FromRoot)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Source files of one project.</summary>
    public static IEnumerable<string> SourcesOf(string project)
        => Sources.Where(path => path.StartsWith(Folders[project] + "/", StringComparison.Ordinal));

    /// <summary>The namespace that a source file of a project has by the folder it lies in.</summary>
    public static string NamespaceOf(string project, string path)
        => $"{project}.{Path.GetDirectoryName(path[(Folders[project].Length + 1)..])!.Replace('\\', '/').Replace('/', '.')}".TrimEnd('.');

    /// <summary>The text of a file, by its path from the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    /// <summary>An assembly of the solution, from the tests' own folder.</summary>
    public static Assembly Load(string project) => Assembly.Load(new AssemblyName(project == "Strata.Cli" ? "strata" : project));

    /// <summary>Names of the projects that a project file refers to.</summary>
    public static IEnumerable<string> ProjectReferences(string project)
        => Includes(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    /// <summary>Names of the packages that a project file refers to.</summary>
    public static IEnumerable<string> Packages(string project) => Includes(project, "PackageReference");

    private static IEnumerable<string> Includes(string project, string element)
        => Documents[project].Descendants(element).Select(e => e.Attribute("Include")!.Value);

    private static string FromRoot(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
}
