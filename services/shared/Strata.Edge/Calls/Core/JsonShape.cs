using System.Buffers;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Strata.Edge.Requests;

namespace Strata.Edge.Calls.Core;

/// <summary>
/// Compares JSON with the message it is to become, by the proto3 JSON mapping, and names every field that does not fit. What fits is
/// written anew in the one form that any reader of that mapping takes.
/// </summary>
internal static partial class JsonShape
{
    /// <summary>More of them help nobody.</summary>
    private const int MaxViolations = 20;

    private const string Root = "body";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <param name="json">UTF-8 text.</param>
    /// <param name="message">Message to become.</param>
    /// <param name="path">Path of that message in the request; empty when it is the request.</param>
    /// <param name="elsewhere">What the address says of the message's fields, by their names.</param>
    public static (IReadOnlyList<FieldViolation> Violations, ReadOnlyMemory<byte> Canonical) Check(
        ReadOnlyMemory<byte> json, MessageDescriptor message, string path, IReadOnlyDictionary<string, string> elsewhere)
    {
        var violations = new Violations();
        var canonical = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(canonical, new JsonWriterOptions { SkipValidation = true });
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            CheckMessage(document.RootElement, message, path, elsewhere, violations, writer);
        }
        catch (JsonException fault)
        {
            violations.Add(path.Length == 0 ? Root : path, $"is not JSON: {fault.Message}");
        }
        catch (InvalidOperationException)
        {
            violations.Add(path.Length == 0 ? Root : path, "has the name of a field that is not Unicode text");
        }

        writer.Flush();
        return (violations.Found, canonical.WrittenMemory);
    }

    private static void CheckMessage(
        JsonElement json, MessageDescriptor message, string path, IReadOnlyDictionary<string, string> elsewhere, Violations violations,
        Utf8JsonWriter writer)
    {
        if (message.FullName == Timestamp.Descriptor.FullName)
        {
            CheckTime(json, path, violations, writer);
            return;
        }

        if (message.File.Package == Timestamp.Descriptor.File.Package)
        {
            json.WriteTo(writer);
            return;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            violations.Add(path.Length == 0 ? Root : path, "must be a JSON object");
            return;
        }

        writer.WriteStartObject();
        var set = new HashSet<int>();
        foreach (var property in json.EnumerateObject())
        {
            if (violations.Found.Count >= MaxViolations)
            {
                return;
            }

            if (FieldText.Find(message, property.Name) is not { } field)
            {
                var name = property.Name.Length > 0 ? FieldText.Shorten(property.Name) : "\"\"";
                violations.Add(Join(path, name), FieldText.Unknown(message));
            }
            else if (!set.Add(field.FieldNumber))
            {
                violations.Add(Join(path, field.Name), $"is set twice, here as {property.Name}: send it once");
            }
            else if (elsewhere.TryGetValue(field.Name, out var other) && FieldText.Canonical(field, Text(property.Value)) != other)
            {
                violations.Add(
                    Join(path, field.Name), $"is {Quote(property.Value)} here and {FieldText.Quote(other)} in the address: send it once");
            }
            else if (property.Value.ValueKind != JsonValueKind.Null)
            {
                writer.WritePropertyName(field.JsonName);
                CheckField(property.Value, field, Join(path, field.Name), violations, writer);
            }
        }

        writer.WriteEndObject();
    }

    private static void CheckField(JsonElement json, FieldDescriptor field, string path, Violations violations, Utf8JsonWriter writer)
    {
        if (field.IsMap)
        {
            CheckMap(json, field, path, violations, writer);
        }
        else if (!field.IsRepeated)
        {
            CheckValue(json, field, path, violations, writer);
        }
        else if (json.ValueKind != JsonValueKind.Array)
        {
            violations.Add(path, "must be a JSON array");
        }
        else
        {
            writer.WriteStartArray();
            var index = 0;
            foreach (var entry in json.EnumerateArray())
            {
                CheckValue(entry, field, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), violations, writer);
            }

            writer.WriteEndArray();
        }
    }

    // Keys are the caller's own words and stay out of the path, which operators see.
    private static void CheckMap(JsonElement json, FieldDescriptor field, string path, Violations violations, Utf8JsonWriter writer)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            violations.Add(path, "must be a JSON object of names and values");
            return;
        }

        writer.WriteStartObject();
        var set = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in json.EnumerateObject())
        {
            if (violations.Found.Count >= MaxViolations)
            {
                return;
            }

            violations.Require(set.Add(entry.Name), path, $"has {FieldText.Quote(entry.Name)} twice: send it once");
            writer.WritePropertyName(entry.Name);
            CheckValue(entry.Value, field.MessageType.FindFieldByNumber(2), path, violations, writer);
        }

        writer.WriteEndObject();
    }

    private static void CheckValue(JsonElement json, FieldDescriptor field, string path, Violations violations, Utf8JsonWriter writer)
    {
        if (json.ValueKind == JsonValueKind.String && !IsUnicode(json))
        {
            violations.Add(path, "is not Unicode text: it has bytes that are no UTF-8, or half a surrogate pair");
            return;
        }

        switch (field.FieldType)
        {
            case FieldType.Message:
                CheckMessage(json, field.MessageType, path, ReadOnlyDictionary<string, string>.Empty, violations, writer);
                break;
            case FieldType.Bytes:
                var bytes = json.ValueKind == JsonValueKind.String ? FieldText.Base64(Text(json)) : null;
                violations.Require(bytes is not null, path, $"{Quote(json)} must be a JSON string of base64");
                writer.WriteStringValue(bytes ?? "");
                break;
            case FieldType.String:
                violations.Require(json.ValueKind == JsonValueKind.String, path, $"{Quote(json)} must be a JSON string");
                json.WriteTo(writer);
                break;
            case FieldType.Bool:
                violations.Require(
                    json.ValueKind is JsonValueKind.True or JsonValueKind.False, path, $"{Quote(json)} must be true or false");
                json.WriteTo(writer);
                break;
            default:
                Write(writer, field, json, path, violations);
                break;
        }
    }

    // Numbers may come as strings too: 64-bit ones always do from a careful client.
    private static void Write(Utf8JsonWriter writer, FieldDescriptor field, JsonElement json, string path, Violations violations)
    {
        var scalar = json.ValueKind is JsonValueKind.String or JsonValueKind.Number;
        if (!scalar || FieldText.Canonical(field, Text(json)) is not { } text)
        {
            violations.Add(path, FieldText.Fault(field, Text(json)) ?? $"{Quote(json)} must be a number");
        }
        else if (!double.TryParse(text, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            writer.WriteStringValue(text); // the name of a value, or of what is no finite number
        }
        else
        {
            writer.WriteRawValue(text);
        }
    }

    private static void CheckTime(JsonElement json, string path, Violations violations, Utf8JsonWriter writer)
    {
        var text = json.ValueKind == JsonValueKind.String && IsUnicode(json) ? json.GetString()!.ToUpperInvariant() : "";
        if (Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
        {
            writer.WriteStringValue(text.Replace("-00:00", "Z", StringComparison.Ordinal));
        }
        else
        {
            violations.Add(path, $"{Quote(json)} is not a time: write RFC 3339, for example \"2025-03-01T12:00:00Z\"");
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();

    /// <summary>The parser leaves strings as they are until they are asked for.</summary>
    private static bool IsUnicode(JsonElement json)
    {
        try
        {
            return json.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Text(JsonElement json)
        => json.ValueKind == JsonValueKind.String ? IsUnicode(json) ? json.GetString()! : "" : json.GetRawText();

    private static string Quote(JsonElement json) => FieldText.Quote(Text(json));
}
