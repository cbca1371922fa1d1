using Google.Protobuf.Reflection;

namespace Strata.Contracts.Tests;

/// <summary>The protos are documentation: every message says who writes it, every field its unit and what absence means.</summary>
[Trait("height", "unit")]
public sealed class ProtoStyleTests
{
    [Fact]
    public void Everything_HasALeadingComment()
    {
        var silent = new List<string>();
        foreach (var file in Protos.Sources().File)
        {
            var commented = file.SourceCodeInfo.Location.Where(l => !string.IsNullOrWhiteSpace(l.LeadingComments))
                .Select(l => string.Join('.', l.Path))
                .ToHashSet();
            silent.AddRange(Places(file).Where(place => !commented.Contains(place.Path)).Select(place => $"{file.Name}: {place.Name}"));
        }

        Assert.Empty(silent);
    }

    [Fact]
    public void Folder_IsThePackage()
        => Assert.All(Protos.Files, file => Assert.Equal(Path.GetDirectoryName(file.Name)!.Replace('/', '.'), file.Package));

    [Fact]
    public void Package_EndsInItsVersionAndNamesItsNamespace()
        => Assert.All(Protos.Files, file =>
        {
            Assert.Matches(@"^strata\.[a-z]+\.v[0-9]+$", file.Package);
            var name = string.Join('.', file.Package.Split('.')[1..].Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
            Assert.Equal($"Strata.Contracts.{name}", file.GetOptions().CsharpNamespace, ignoreCase: true);
        });

    [Fact]
    public void EnumZero_IsUnspecified()
        => Assert.All(Protos.Enums, type => Assert.EndsWith("_UNSPECIFIED", type.FindValueByNumber(0)?.Name, StringComparison.Ordinal));

    [Fact]
    public void FieldNumbers_AreUniqueAndNotReserved()
        => Assert.All(Protos.Sources().File.SelectMany(f => f.MessageType).SelectMany(WithNested), message =>
        {
            Assert.Equal(message.Field.Count, message.Field.Select(f => f.Number).Distinct().Count());
            Assert.DoesNotContain(message.Field, f => message.ReservedRange.Any(r => f.Number >= r.Start && f.Number < r.End));
        });

    [Fact]
    public void Times_SayTheirUnit()
        => Assert.All(
            Protos.Messages.SelectMany(m => m.Fields.InDeclarationOrder())
                .Where(f => f.Name.Contains("time", StringComparison.Ordinal) && f.FieldType != FieldType.Message),
            field => Assert.EndsWith("_unix_ms", field.Name, StringComparison.Ordinal));

    private static IEnumerable<(string Path, string Name)> Places(FileDescriptorProto file)
        => file.MessageType.SelectMany((m, i) => OfMessage(m, $"4.{i}", m.Name))
            .Concat(file.EnumType.SelectMany((e, i) => OfEnum(e, $"5.{i}", e.Name)))
            .Concat(file.Service.SelectMany((s, i) => s.Method
                .Select((m, j) => ($"6.{i}.2.{j}", $"{s.Name}.{m.Name}"))
                .Prepend(($"6.{i}", s.Name))));

    private static IEnumerable<(string Path, string Name)> OfMessage(DescriptorProto message, string path, string name)
        => message.Field.Select((f, i) => ($"{path}.2.{i}", $"{name}.{f.Name}"))
            .Concat(message.NestedType // entries of maps have places among them
                .SelectMany((n, i) => n.Options?.MapEntry == true ? [] : OfMessage(n, $"{path}.3.{i}", $"{name}.{n.Name}")))
            .Concat(message.EnumType.SelectMany((e, i) => OfEnum(e, $"{path}.4.{i}", $"{name}.{e.Name}")))
            .Prepend((path, name));

    private static IEnumerable<(string Path, string Name)> OfEnum(EnumDescriptorProto type, string path, string name)
        => type.Value.Select((v, i) => (Path: $"{path}.2.{i}", Name: $"{name}.{v.Name}"))
            .Where((_, i) => type.Value[i].Number != 0)
            .Prepend((path, name));

    private static IEnumerable<DescriptorProto> WithNested(DescriptorProto message)
        => message.NestedType.SelectMany(WithNested).Prepend(message);
}
