using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Strata.ServiceDefaults.Requests;

namespace Strata.ServiceDefaults.Calls;

/// <summary>Compares JSON with the message it is to become, by the proto3 JSON mapping, and names every field that does not fit.</summary>
internal static class JsonShape
{
    /// <summary>More of them help nobody.</summary>
    private const int MaxViolations = 20;

    /// <param name="json">UTF-8 text.</param>
    /// <param name="message">Message to become.</param>
    /// <param name="path">Path of that message in the request; empty when it is the request.</param>
    public static IReadOnlyList<FieldViolation> Check(ReadOnlyMemory<byte> json, MessageDescriptor message, string path)
    {
        var violations = new Violations();
        try
        {
            using var document = JsonDocument.Parse(json);
            CheckMessage(document.RootElement, message, path, violations);
        }
        catch (JsonException fault)
        {
            violations.Add(path.Length == 0 ? "body" : path, $"is not JSON: {fault.Message}");
        }

        return violations.Found;
    }

    private static void CheckMessage(JsonElement json, MessageDescriptor message, string path, Violations violations)
    {
        if (message.FullName == Timestamp.Descriptor.FullName)
        {
            var time = json.ValueKind == JsonValueKind.String
                && DateTimeOffset.TryParse(json.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
            violations.Require(time, path, $"{Quote(json)} is not a time: write RFC 3339, for example \"2025-03-01T12:00:00Z\"");
            return;
        }

        if (message.File.Package == Timestamp.Descriptor.File.Package)
        {
            return;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            violations.Add(path.Length == 0 ? "body" : path, "must be a JSON object");
            return;
        }

        foreach (var property in json.EnumerateObject())
        {
            if (violations.Found.Count >= MaxViolations)
            {
                return;
            }

            CheckProperty(property, message, path, violations);
        }
    }

    private static void CheckProperty(JsonProperty property, MessageDescriptor message, string path, Violations violations)
    {
        var field = message.Fields.InDeclarationOrder().FirstOrDefault(f => property.NameEquals(f.JsonName) || property.NameEquals(f.Name));
        if (field is null)
        {
            var known = string.Join(", ", message.Fields.InDeclarationOrder().Select(f => f.Name));
            violations.Add(Join(path, Shorten(property.Name)), $"is unknown: the fields are {known}");
        }
        else if (property.Value.ValueKind == JsonValueKind.Null || field.IsMap)
        {
            return;
        }
        else if (!field.IsRepeated)
        {
            CheckValue(property.Value, field, Join(path, field.Name), violations);
        }
        else if (property.Value.ValueKind != JsonValueKind.Array)
        {
            violations.Add(Join(path, field.Name), "must be a JSON array");
        }
        else
        {
            var index = 0;
            foreach (var entry in property.Value.EnumerateArray())
            {
                CheckValue(entry, field, string.Create(CultureInfo.InvariantCulture, $"{Join(path, field.Name)}[{index++}]"), violations);
            }
        }
    }

    private static void CheckValue(JsonElement json, FieldDescriptor field, string path, Violations violations)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                CheckMessage(json, field.MessageType, path, violations);
                break;
            case FieldType.Enum:
                var names = field.EnumType.Values.Where(v => v.Number != 0).Select(v => v.Name);
                violations.Require(IsEnum(json, field.EnumType), path, $"{Quote(json)} is not one of {string.Join(", ", names)}");
                break;
            case FieldType.String or FieldType.Bytes:
                violations.Require(json.ValueKind == JsonValueKind.String, path, $"{Quote(json)} must be a JSON string");
                break;
            case FieldType.Bool:
                violations.Require(json.ValueKind is JsonValueKind.True or JsonValueKind.False, path, $"{Quote(json)} must be true or false");
                break;
            case FieldType.Float or FieldType.Double:
                violations.Require(IsNumber(json, text => double.TryParse(text, CultureInfo.InvariantCulture, out _)), path, $"{Quote(json)} must be a number");
                break;
            case FieldType.UInt32 or FieldType.Fixed32:
                violations.Require(IsNumber(json, text => uint.TryParse(text, CultureInfo.InvariantCulture, out _)), path, $"{Quote(json)} must be a whole number from 0 to 4294967295");
                break;
            case FieldType.UInt64 or FieldType.Fixed64:
                violations.Require(IsNumber(json, text => ulong.TryParse(text, CultureInfo.InvariantCulture, out _)), path, $"{Quote(json)} must be a whole number, not negative");
                break;
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                violations.Require(IsNumber(json, text => int.TryParse(text, CultureInfo.InvariantCulture, out _)), path, $"{Quote(json)} must be a whole number of 32 bits");
                break;
            default:
                violations.Require(IsNumber(json, text => long.TryParse(text, CultureInfo.InvariantCulture, out _)), path, $"{Quote(json)} must be a whole number");
                break;
        }
    }

    private static bool IsEnum(JsonElement json, EnumDescriptor type) => json.ValueKind switch
    {
        JsonValueKind.String => type.FindValueByName(json.GetString()!) is not null,
        JsonValueKind.Number => json.TryGetInt32(out _),
        _ => false,
    };

    /// <summary>Numbers may also come as strings: 64-bit ones always do from a careful client.</summary>
    private static bool IsNumber(JsonElement json, Func<string, bool> parses) => json.ValueKind switch
    {
        JsonValueKind.String => parses(json.GetString()!),
        JsonValueKind.Number => parses(json.GetRawText()),
        _ => false,
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Quote(JsonElement json) => $"'{Shorten(json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText())}'";

    private static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");
}
