using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CloudNative.CloudEvents;
using Strata.Contracts.Events.V1;
using Strata.Edge.Calls;
using Strata.Edge.Requests;

namespace Strata.Ingestion.CloudEvents;

/// <summary>
/// A CloudEvent as an event: <c>id</c> is its id, <c>time</c> when it happened, the last word of <c>type</c> its kind ("click",
/// "org.example.shop.click"), <c>subject</c> the user where <c>data</c> names none, and <c>data</c> all other fields. Pure.
/// </summary>
internal static class CloudEventMapping
{
    private const string Path = "event";

    /// <summary>The event; null: <paramref name="violations"/> has why.</summary>
    public static UserEvent? Read(CloudEvent sent, Violations violations)
    {
        using var data = Data(sent, violations);
        if (data is null)
        {
            return null;
        }

        var envelope = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(envelope))
        {
            writer.WriteStartObject();
            writer.WriteString("eventId", sent.Id);
            writer.WriteString("kind", sent.Type![(sent.Type!.LastIndexOf('.') + 1)..]);
            if (sent.Time is { } time)
            {
                writer.WriteString("eventTime", time.UtcDateTime);
            }

            if (sent.Subject is { } subject && !NamesAUser(data.RootElement))
            {
                writer.WriteString("userId", subject);
            }

            writer.WriteEndObject();
        }

        // As they were sent: what cannot be read anew, half a surrogate pair for one, is for the reader to name.
        var fields = data.RootElement.GetRawText().AsSpan().Trim()[1..^1];
        var all = Encoding.UTF8.GetString(envelope.WrittenSpan[..^1]) + (fields.IsWhiteSpace() ? "}" : $",{fields}}}");
        return MessageText.Read<UserEvent>(Encoding.UTF8.GetBytes(all), Path, violations);
    }

    private static bool NamesAUser(JsonElement data)
    {
        try
        {
            return data.TryGetProperty("userId", out _) || data.TryGetProperty("user_id", out _);
        }
        catch (InvalidOperationException)
        {
            return false; // a name that is no text, which the reader tells
        }
    }

    /// <summary>The data as an object; an empty one where there is none.</summary>
    private static JsonDocument? Data(CloudEvent sent, Violations violations)
    {
        try
        {
            var data = sent.Data switch
            {
                null => JsonDocument.Parse("{}"),
                JsonElement json => JsonDocument.Parse(json.GetRawText()),
                byte[] bytes when Utf8.IsValid(bytes) => JsonDocument.Parse(bytes),
                _ => null,
            };
            if (data?.RootElement.ValueKind == JsonValueKind.Object)
            {
                return data;
            }

            data?.Dispose();
        }
        catch (JsonException)
        {
            // Told below, as any other data that is no object.
        }

        violations.Add("data", "must be a JSON object with fields of an event, for example {\"itemId\":\"BEE-001\"}");
        return null;
    }
}
