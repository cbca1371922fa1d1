using Google.Protobuf.Reflection;

namespace Strata.Contracts.Tests;

/// <summary>All .proto files of the contracts: as generated code knows them, and with the comments of their text.</summary>
internal static class Protos
{
    /// <summary>Descriptors of the generated code.</summary>
    public static IReadOnlyList<FileDescriptor> Files { get; } =
    [
        .. typeof(Topics).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(t => t.GetProperty("Descriptor")?.GetValue(null))
            .OfType<FileDescriptor>()
            .OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    /// <summary>Every message, nested ones too, without the entries of maps.</summary>
    public static IReadOnlyList<MessageDescriptor> Messages { get; } =
        [.. Files.SelectMany(f => f.MessageTypes).SelectMany(WithNested).OrderBy(m => m.FullName, StringComparer.Ordinal)];

    /// <summary>Every enumeration.</summary>
    public static IReadOnlyList<EnumDescriptor> Enums { get; } =
        [.. Files.SelectMany(f => f.EnumTypes).Concat(Messages.SelectMany(m => m.EnumTypes))];

    /// <summary>The same files with the positions and comments of their text.</summary>
    public static FileDescriptorSet Sources()
    {
        using var resource = typeof(Topics).Assembly.GetManifestResourceStream("descriptors.pb")!;
        return FileDescriptorSet.Parser.ParseFrom(resource);
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message)
        => message.NestedTypes.Where(n => !n.GetOptions().MapEntry()).SelectMany(WithNested).Prepend(message);

    private static bool MapEntry(this MessageOptions? options) => options?.MapEntry ?? false;
}
