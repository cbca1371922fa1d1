using System.Globalization;
using Google.Protobuf.Reflection;

namespace Strata.Edge.Calls.Core;

/// <summary>Whether a text can become the value of a plain field: a query parameter, or a number or name within JSON. Pure.</summary>
internal static class FieldText
{
    private const int QuotedLength = 40;

    /// <summary>What is wrong with <paramref name="text"/>, as a sentence without the field's name; null when nothing is.</summary>
    public static string? Fault(FieldDescriptor field, string text)
    {
        var expected = field.FieldType switch
        {
            FieldType.String or FieldType.Bytes => null,
            FieldType.Bool => bool.TryParse(text, out _) ? null : "must be true or false",
            FieldType.Enum => IsEnum(field.EnumType, text) ? null : $"is not one of {Names(field.EnumType)}",
            FieldType.Float or FieldType.Double => double.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : "must be a number",
            FieldType.UInt32 or FieldType.Fixed32 => uint.TryParse(text, CultureInfo.InvariantCulture, out _)
                ? null
                : "must be a whole number from 0 to 4294967295",
            FieldType.UInt64 or FieldType.Fixed64 => ulong.TryParse(text, CultureInfo.InvariantCulture, out _)
                ? null
                : "must be a whole number, not negative",
            FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => int.TryParse(text, CultureInfo.InvariantCulture, out _)
                ? null
                : "must be a whole number of 32 bits",
            FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => long.TryParse(text, CultureInfo.InvariantCulture, out _)
                ? null
                : "must be a whole number of 64 bits",
            _ => null,
        };
        return expected is null ? null : $"{Quote(text)} {expected}";
    }

    /// <summary>The field of this name, by the names that JSON may use; null when there is none.</summary>
    public static FieldDescriptor? Find(MessageDescriptor message, string name)
        => message.Fields.InDeclarationOrder().FirstOrDefault(f => f.JsonName == name || f.Name == name);

    /// <summary>The fault of a name that no field has.</summary>
    public static string Unknown(MessageDescriptor message)
        => $"is unknown: the fields are {string.Join(", ", message.Fields.InDeclarationOrder().Select(f => f.Name))}";

    /// <summary>A text in quotes, cut where it is long.</summary>
    public static string Quote(string text) => $"'{Shorten(text)}'";

    /// <summary>A text, cut where it is long.</summary>
    public static string Shorten(string text) => text.Length <= QuotedLength ? text : string.Concat(text.AsSpan(0, QuotedLength), "…");

    private static bool IsEnum(EnumDescriptor type, string text)
        => type.FindValueByName(text) is not null || int.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static string Names(EnumDescriptor type) => string.Join(", ", type.Values.Where(v => v.Number != 0).Select(v => v.Name));
}
