using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Strata.Architecture;

/// <summary>Thinking takes time and chance as arguments and waits for nothing, so that it can be tested without a broker and replayed to the same bytes.</summary>
public sealed class PureRoomTests
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
        "Strata.Streaming.IPublisher",
        "Strata.Streaming.ITopics",
        "Strata.Streaming.PartitionOutput",
        "Strata.ServiceDefaults.State.IStateStore",
    ];

    public static TheoryData<string> Rooms => new(PureRooms.All.Select(room => room.ToString()));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void PureRoom_KnowsNoTaskNoClientNoClock(string name)
    {
        var room = PureRooms.All.Single(r => r.ToString() == name);

        var found = TypesOf(room).SelectMany(type => References(type).Where(IsImpure).Select(used => $"{type.Name} uses {used}")).Distinct().ToList();

        Assert.Empty(found);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void PureRoom_NamesTypesThatAreThere(string name)
    {
        var room = PureRooms.All.Single(r => r.ToString() == name);

        Assert.NotEmpty(TypesOf(room));
        Assert.Empty(room.Only.Concat(room.Except).Except(AllTypes(room).Select(type => type.Name)));
    }

    /// <summary>The rule finds what it is to find: shown on types that are no thinking.</summary>
    [Theory]
    [InlineData("Strata.Ingestion", "Strata.Ingestion.Events", "EventIntake", "System.Threading.Tasks.Task")]
    [InlineData("Strata.Ingestion", "Strata.Ingestion.Events", "EventIntake", "System.TimeProvider")]
    [InlineData("Strata.Ingestion", "Strata.Ingestion.Events", "EventStream", "Grpc.Core.IAsyncStreamReader`1")]
    [InlineData("Strata.ServiceDefaults", "Strata.ServiceDefaults.State", "RedisStateStore", "StackExchange.Redis.IDatabase")]
    public void References_OfAHandler_ShowItsTasksAndClients(string assembly, string room, string type, string used)
    {
        var types = TypesOf(new PureRoom(assembly, room, [type], []));

        Assert.Contains(types.SelectMany(References).Where(IsImpure), name => name.StartsWith(used, StringComparison.Ordinal));
    }

    private static bool IsImpure(string type) => Impure.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal));

    private static IEnumerable<TypeDefinition> TypesOf(PureRoom room)
        => AllTypes(room).Where(type => (room.Only.Length == 0 || room.Only.Contains(type.Name)) && !room.Except.Contains(type.Name));

    private static IReadOnlyList<TypeDefinition> AllTypes(PureRoom room)
        => [.. ModuleDefinition.ReadModule(Layout.Load(room.Assembly).Location).Types
            .Where(type => type.Namespace == room.Namespace || type.Namespace.StartsWith(room.Namespace + ".", StringComparison.Ordinal))];

    /// <summary>Full names of all types that a type's fields, signatures and code name, those of its nested types (closures and state machines) among them.</summary>
    private static IEnumerable<string> References(TypeDefinition type)
    {
        var named = new List<TypeReference?>();
        named.AddRange(type.Interfaces.Select(i => i.InterfaceType).Append(type.BaseType));
        named.AddRange(type.Fields.Select(field => field.FieldType));
        foreach (var method in type.Methods)
        {
            named.Add(method.ReturnType);
            named.AddRange(method.Parameters.Select(parameter => parameter.ParameterType));
            if (method.HasBody)
            {
                named.AddRange(method.Body.Variables.Select(variable => variable.VariableType));
                named.AddRange(method.Body.Instructions.SelectMany(Named));
            }
        }

        return named.OfType<TypeReference>().SelectMany(Parts).Concat(type.NestedTypes.SelectMany(References));
    }

    private static IEnumerable<TypeReference?> Named(Instruction instruction) => instruction.Operand switch
    {
        MethodReference method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType).Append(method.DeclaringType),
        FieldReference field => [field.FieldType, field.DeclaringType],
        TypeReference type => [type],
        _ => [],
    };

    /// <summary>A type and the arguments of a generic one.</summary>
    private static IEnumerable<string> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType.FullName),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type.FullName],
    };
}
