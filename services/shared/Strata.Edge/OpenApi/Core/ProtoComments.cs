using System.Reflection;
using Google.Protobuf.Reflection;

namespace Strata.Edge.OpenApi.Core;

/// <summary>
/// The comments of the .proto files, by full name. They come from a descriptor set with source info that the contracts carry as a resource.
/// </summary>
internal sealed class ProtoComments
{
    // Numbers of the fields of FileDescriptorProto, DescriptorProto, EnumDescriptorProto and ServiceDescriptorProto that a location's path
    // runs through.
    private const int FileMessage = 4;
    private const int FileEnum = 5;
    private const int FileService = 6;
    private const int MessageField = 2;
    private const int MessageNested = 3;
    private const int MessageEnum = 4;
    private const int Entry = 2;

    private readonly Dictionary<string, string> _byName = [];

    /// <summary>Reads a descriptor set.</summary>
    public ProtoComments(FileDescriptorSet set)
    {
        foreach (var file in set.File)
        {
            foreach (var location in file.SourceCodeInfo?.Location ?? [])
            {
                if (location.LeadingComments.Length > 0 && NameAt(file, [.. location.Path]) is { } name)
                {
                    _byName[name] = string.Join(
                        ' ', location.LeadingComments.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
                }
            }
        }
    }

    /// <summary>Reads the descriptor set that lies in an assembly as the resource <c>descriptors.pb</c>.</summary>
    public static ProtoComments From(Assembly assembly)
    {
        using var resource = assembly.GetManifestResourceStream("descriptors.pb")
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no resource descriptors.pb.");
        return new ProtoComments(FileDescriptorSet.Parser.ParseFrom(resource));
    }

    /// <summary>The comment before a message, field, enum, value, service or method, as one line; null when there is none.</summary>
    public string? Of(string fullName) => _byName.GetValueOrDefault(fullName);

    private static string? NameAt(FileDescriptorProto file, ReadOnlySpan<int> path) => path switch
    {
        [FileMessage, var at, .. var rest] => InMessage(file.MessageType[at], $"{file.Package}.{file.MessageType[at].Name}", rest),
        [FileEnum, var at, .. var rest] => InEnum(file.EnumType[at], $"{file.Package}.{file.EnumType[at].Name}", rest),
        [FileService, var at] => $"{file.Package}.{file.Service[at].Name}",
        [FileService, var at, Entry, var method] => $"{file.Package}.{file.Service[at].Name}.{file.Service[at].Method[method].Name}",
        _ => null,
    };

    private static string? InMessage(DescriptorProto message, string name, ReadOnlySpan<int> path) => path switch
    {
        [] => name,
        [MessageField, var at] => $"{name}.{message.Field[at].Name}",
        [MessageNested, var at, .. var rest] => InMessage(message.NestedType[at], $"{name}.{message.NestedType[at].Name}", rest),
        [MessageEnum, var at, .. var rest] => InEnum(message.EnumType[at], $"{name}.{message.EnumType[at].Name}", rest),
        _ => null,
    };

    private static string? InEnum(EnumDescriptorProto type, string name, ReadOnlySpan<int> path) => path switch
    {
        [] => name,
        [Entry, var at] => $"{name}.{type.Value[at].Name}",
        _ => null,
    };
}
