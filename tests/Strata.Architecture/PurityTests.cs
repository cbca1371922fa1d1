using Mono.Cecil;

namespace Strata.Architecture;

/// <summary>
/// Thinking takes time and chance as arguments and waits for nothing, so that it can be tested without a broker and replayed to the same
/// bytes. The tree shows where it sits: in the folders <c>Core</c>, and in every room of a service that wires nothing into a host (it has
/// no <c>XServices.cs</c>).
/// </summary>
[Trait("height", "unit")]
public sealed class PurityTests
{
    /// <summary>Types, or namespaces of types, that do not belong into a pure room.</summary>
    private static readonly string[] Impure =
    [
        "System.Threading.Tasks.Task",
        "System.Threading.Tasks.ValueTask",
        "System.Threading.Thread",
        "System.TimeProvider",
        "System.Diagnostics.Stopwatch",
        "System.Net.Http.HttpClient",
        "System.Net.Sockets.",
        "System.IO.File",
        "Confluent.",
        "StackExchange.",
        "Grpc.",
    ];

    /// <summary>Ours that lead to a client.</summary>
    private static readonly string[] Clients = ["IPublisher", "ITopics", "PartitionOutput", "IStateStore"];

    /// <summary>Projects that are thinking as a whole.</summary>
    private static readonly string[] PureProjects = ["Strata.Numerics", "Strata.RankingModel"];

    /// <summary>Pure rooms, each with its project.</summary>
    public static TheoryData<string, string> Rooms
    {
        get
        {
            var rooms = new TheoryData<string, string>();
            foreach (var project in Layout.Services.Concat(Layout.Shared))
            {
                var all = Layout.SourcesOf(project).GroupBy(path => Layout.NamespaceOf(project, path));
                foreach (var room in all.Where(room => IsPure(project, room)))
                {
                    rooms.Add(project, room.Key);
                }
            }

            return rooms;
        }
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void PureRoom_KnowsNoTaskNoClientNoClock(string project, string room)
    {
        var types = TypesOf(project, room);

        var found = types.SelectMany(type => NamedTypes.Of(type).Where(IsImpure).Select(used => $"{type.Name} uses {used.FullName}"))
            .Distinct()
            .ToList();

        Assert.NotEmpty(types);
        Assert.Empty(found);
    }

    /// <summary>The rule finds what it is to find: shown on types that are no thinking.</summary>
    [Theory]
    [InlineData("Strata.Ingestion", "EventIntake", "System.Threading.Tasks.Task")]
    [InlineData("Strata.Ingestion", "EventIntake", "System.TimeProvider")]
    [InlineData("Strata.Ingestion", "EventStream", "Grpc.Core.IAsyncStreamReader`1")]
    [InlineData("Strata.ServiceDefaults", "RedisStateStore", "StackExchange.Redis.IDatabase")]
    public void NamedTypes_OfAHandler_ShowItsTasksAndClients(string project, string type, string used)
        => Assert.Contains(
            Module(project).Types.Where(t => t.Name == type).SelectMany(NamedTypes.Of).Where(IsImpure),
            found => found.FullName.StartsWith(used, StringComparison.Ordinal));

    private static bool IsPure(string project, IGrouping<string, string> room)
        => room.Key.Split('.').Contains("Core")
            || PureProjects.Contains(project)
            || (Layout.Services.Contains(project)
                && room.Key != project
                && !room.Any(path => path.EndsWith("Services.cs", StringComparison.Ordinal)));

    private static bool IsImpure(TypeReference type)
        => Impure.Any(prefix => type.FullName.StartsWith(prefix, StringComparison.Ordinal))
            || (type.Namespace.StartsWith("Strata.", StringComparison.Ordinal) && Clients.Contains(type.Name));

    private static List<TypeDefinition> TypesOf(string project, string room)
        => [.. Module(project).Types.Where(type => type.Namespace == room)];

    private static ModuleDefinition Module(string project) => ModuleDefinition.ReadModule(Layout.Load(project).Location);
}
