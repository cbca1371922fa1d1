using System.Globalization;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Strata.Edge.Calls.Core;

/// <summary>Whether a text can become the value of a plain field: a part of the address, or a number or name within JSON. Pure.</summary>
internal static class FieldText
{
    private const int QuotedLength = 40;

    /// <summary>What is wrong with <paramref name="text"/>, as a sentence without the field's name; null when nothing is.</summary>
    public static string? Fault(FieldDescriptor field, string text)
    {
        if (Canonical(field, text) is not null)
        {
            return null;
        }

        var expected = field.FieldType switch
        {
            FieldType.Bool => "must be true or false",
            FieldType.Enum => $"is not one of {Names(field.EnumType)}",
            FieldType.Float => "must be a number of at most 3.4e38",
            FieldType.Double => "must be a number of at most 1.7e308",
            FieldType.UInt32 or FieldType.Fixed32 => "must be a whole number from 0 to 4294967295",
            FieldType.UInt64 or FieldType.Fixed64 => "must be a whole number, not negative",
            FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => "must be a whole number of 32 bits",
            _ => "must be a whole number of 64 bits",
        };
        return $"{Quote(text)} {expected}";
    }

    /// <summary>The same where binding takes less: the value of a parameter of the address.</summary>
    public static string? QueryFault(FieldDescriptor field, string text)
        => field.FieldType == FieldType.Message && field.MessageType.File.Package != Timestamp.Descriptor.File.Package
            ? "is no parameter, having fields of its own: send it in the body of a POST"
            : field.FieldType == FieldType.Enum && int.TryParse(text, CultureInfo.InvariantCulture, out var number)
                && field.EnumType.FindValueByNumber(number) is null
                ? $"{Quote(text)} is not one of {Names(field.EnumType)}"
                : Fault(field, text);

    /// <summary>
    /// The text as every reader of the proto3 JSON mapping takes it, null when it is no value of the field: names of enums in full and in
    /// capitals, whole numbers without a fraction or an exponent.
    /// </summary>
    public static string? Canonical(FieldDescriptor field, string text) => field.FieldType switch
    {
        FieldType.Bool => bool.TryParse(text, out var truth) ? truth ? "true" : "false" : null,
        FieldType.Enum => NameOf(field.EnumType, text),
        FieldType.Float => Number(text, float.MaxValue),
        FieldType.Double => Number(text, double.MaxValue),
        FieldType.UInt32 or FieldType.Fixed32 => Whole(text, uint.MinValue, uint.MaxValue),
        FieldType.UInt64 or FieldType.Fixed64 => Whole(text, ulong.MinValue, ulong.MaxValue),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => Whole(text, int.MinValue, int.MaxValue),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Whole(text, long.MinValue, long.MaxValue),
        _ => text,
    };

    /// <summary>
    /// Bytes as base64, standard and padded, of any form that the mapping allows (URL-safe, without padding); null where they are none.
    /// </summary>
    public static string? Base64(string text)
    {
        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        standard = standard.PadRight((standard.Length + 3) / 4 * 4, '=');
        var bytes = new byte[standard.Length / 4 * 3];
        return Convert.TryFromBase64String(standard, bytes, out var count) ? Convert.ToBase64String(bytes, 0, count) : null;
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

    // As JSON writes it. What is no number has names of its own; what is too large is neither.
    private static string? Number(string text, double most)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return Math.Abs(number) <= most || !text.Any(char.IsAsciiDigit) ? number.ToString("R", CultureInfo.InvariantCulture) : null;
    }

    // JSON knows no integers: 3.0 and 3e0 are 3.
    private static string? Whole(string text, decimal least, decimal most)
        => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most && number == decimal.Truncate(number)
            ? decimal.Truncate(number).ToString("F0", CultureInfo.InvariantCulture)
            : null;

    /// <summary>By number, or by name, in any case, with or without what the names of the type begin with.</summary>
    private static string? NameOf(EnumDescriptor type, string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return text;
        }

        var name = text.ToUpperInvariant();
        return (type.FindValueByName(name) ?? type.FindValueByName(Prefix(type) + name))?.Name;
    }

    private static string Names(EnumDescriptor type)
        => string.Join(", ", type.Values.Where(v => v.Number != 0).Select(v => v.Name[Prefix(type).Length..]));

    // Its zero is called <prefix>UNSPECIFIED.
    private static string Prefix(EnumDescriptor type)
    {
        const string Zero = "UNSPECIFIED";
        var zero = type.FindValueByNumber(0)?.Name ?? "";
        return zero.EndsWith(Zero, StringComparison.Ordinal) ? zero[..^Zero.Length] : "";
    }
}
