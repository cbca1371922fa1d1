using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Strata.Edge.Requests;

namespace Strata.Edge.Calls.Core;

/// <summary>Compares JSON with the message it is to become, by the proto3 JSON mapping, and names every field that does not fit.</summary>
internal static class JsonShape
{
    /// <summary>More of them help nobody.</summary>
    private const int MaxViolations = 20;

    private const string Root = "body";

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
            violations.Add(path.Length == 0 ? Root : path, $"is not JSON: {fault.Message}");
        }
        catch (InvalidOperationException)
        {
            violations.Add(path.Length == 0 ? Root : path, "has the name of a field that is not Unicode text");
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
            violations.Add(path.Length == 0 ? Root : path, "must be a JSON object");
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
        var field = FieldText.Find(message, property.Name);
        if (field is null)
        {
            violations.Add(Join(path, FieldText.Shorten(property.Name)), FieldText.Unknown(message));
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
        if (json.ValueKind == JsonValueKind.String && !IsUnicode(json))
        {
            violations.Add(path, "is not Unicode text: it has bytes that are no UTF-8, or half a surrogate pair");
            return;
        }

        switch (field.FieldType)
        {
            case FieldType.Message:
                CheckMessage(json, field.MessageType, path, violations);
                break;
            case FieldType.String or FieldType.Bytes:
                violations.Require(json.ValueKind == JsonValueKind.String, path, $"{Quote(json)} must be a JSON string");
                break;
            case FieldType.Bool:
                violations.Require(
                    json.ValueKind is JsonValueKind.True or JsonValueKind.False, path, $"{Quote(json)} must be true or false");
                break;
            default:
                // Numbers may come as strings too: 64-bit ones always do from a careful client.
                if (FieldText.Fault(field, Text(json)) is { } fault)
                {
                    violations.Add(path, fault);
                }

                break;
        }
    }

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

    private static string Text(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();

    private static string Quote(JsonElement json) => FieldText.Quote(Text(json));
}
