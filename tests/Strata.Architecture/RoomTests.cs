using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Strata.Architecture;

/// <summary>
/// The rooms of a project: a folder is a namespace is a room, arrows between rooms go one way, and each room can be taken in at a glance.
/// </summary>
[Trait("height", "unit")]
public sealed partial class RoomTests
{
    private const int MostFiles = 15;

    /// <summary>Projects with rooms.</summary>
    public static TheoryData<string> Projects
        => new(Layout.Projects.Where(project => project != "Strata.Contracts").Order(StringComparer.Ordinal));

    /// <summary>All projects, tests among them.</summary>
    public static TheoryData<string> AllProjects => new(Layout.Folders.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_FormNoCircle(string project)
    {
        var circle = CircleIn(Arrows(project));

        Assert.True(circle is null, circle);
    }

    /// <summary>The rule finds what it is to find.</summary>
    [Fact]
    public void Circle_OfThreeRooms_IsFound()
    {
        var arrows = new Dictionary<string, IReadOnlyCollection<string>> { ["a"] = ["b"], ["b"] = ["c", "d"], ["c"] = ["a"], ["d"] = [] };

        Assert.Equal("a → b → c → a", CircleIn(arrows));
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void Namespace_IsTheFolder(string project)
    {
        var strays = Layout.SourcesOf(project)
            .Select(path => (Path: path, Namespace: Namespaces().Match(Layout.Read(path))))
            .Where(file => file.Namespace.Success && file.Namespace.Groups[1].Value != Layout.NamespaceOf(project, file.Path))
            .Select(file => $"{file.Path} says {file.Namespace.Groups[1].Value}");

        Assert.Empty(strays);
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void Room_HasAtMostFifteenFiles(string project)
        => Assert.Empty(Layout.SourcesOf(project).GroupBy(path => Path.GetDirectoryName(path)!)
            .Where(room => room.Count() > MostFiles)
            .Select(room => $"{room.Key} has {room.Count()} files"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Wiring_IsInServices(string project)
        => Assert.All(
            Layout.SourcesOf(project).Where(path => Wirings().IsMatch(Layout.Read(path))),
            path => Assert.EndsWith(WiringOf(project, path), path, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void LogLines_AreInTheRoomsLog(string project)
        => Assert.All(
            Layout.SourcesOf(project).Where(path => LogLines().IsMatch(Layout.Read(path))),
            path =>
            {
                Assert.Equal("Log.cs", Path.GetFileName(path));
                Assert.DoesNotMatch(@"partial void \w+\(ILogger", Layout.Read(path));
            });

    /// <summary>A room's wiring is called like the room; the project's may be called like the project.</summary>
    private static string WiringOf(string project, string path)
    {
        var room = Path.GetDirectoryName(path)!;
        return room == Layout.Folders[project] ? "Services.cs" : $"{Path.GetFileName(room)}Services.cs";
    }

    /// <summary>For each room of a project, the rooms of the same project that it names, in code or in its usings.</summary>
    private static Dictionary<string, IReadOnlyCollection<string>> Arrows(string project)
    {
        using var module = ModuleDefinition.ReadModule(Layout.Load(project).Location);
        var sources = Layout.SourcesOf(project).ToLookup(path => Layout.NamespaceOf(project, path));
        return sources.ToDictionary(
            room => room.Key,
            room => (IReadOnlyCollection<string>)
            [
                .. module.Types.Where(type => type.Namespace == room.Key)
                    .SelectMany(NamedTypes.Of)
                    .Select(type => Outermost(type).Namespace)
                    .Concat(room.SelectMany(path => Usings().Matches(Layout.Read(path)).Select(match => match.Groups[1].Value)))
                    .Where(named => named != room.Key && sources.Contains(named))
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ]);
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>A circle as text, or null where there is none.</summary>
    private static string? CircleIn(Dictionary<string, IReadOnlyCollection<string>> arrows)
    {
        var done = new HashSet<string>();
        return arrows.Keys.Order(StringComparer.Ordinal).Select(room => Walk(room, [])).FirstOrDefault(circle => circle is not null);

        string? Walk(string room, List<string> way)
        {
            if (way.IndexOf(room) is var start and >= 0)
            {
                return string.Join(" → ", way.Skip(start).Append(room));
            }

            if (done.Contains(room))
            {
                return null;
            }

            way.Add(room);
            var circle = arrows[room].Select(next => Walk(next, way)).FirstOrDefault(found => found is not null);
            way.RemoveAt(way.Count - 1);
            done.Add(room);
            return circle;
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"^using (?:\w+ = )?(Strata\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(
        @"static \w+(?:<\w+>)? Add\w*(?:<\w+>)?\(\s*this (?:IServiceCollection|IHostApplicationBuilder|WebApplicationBuilder) ")]
    private static partial Regex Wirings();

    [GeneratedRegex(@"\[LoggerMessage\(|\.Log(?:Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex LogLines();
}
