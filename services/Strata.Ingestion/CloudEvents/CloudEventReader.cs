using System.Net.Mime;
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Strata.Edge.Requests;

namespace Strata.Ingestion.CloudEvents;

/// <summary>CloudEvents 1.0 from a request over HTTP (binding and JSON format 1.0.2), in each of its three modes.</summary>
internal static class CloudEventReader
{
    /// <summary>One event, envelope and all.</summary>
    public const string Structured = "application/cloudevents+json";

    /// <summary>An array of them.</summary>
    public const string Batched = "application/cloudevents-batch+json";

    private const string Json = "application/json";
    private const string Prefix = "ce-";

    private static readonly JsonEventFormatter Formatter = new();

    /// <summary>The elements of a batch as they are, each to be read by itself.</summary>
    /// <param name="body">The batch.</param>
    /// <param name="most">Events that one call may bring.</param>
    /// <exception cref="InvalidRequestException">It is no array, or has none or too many.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body, int most)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Array)
            {
                // Before an array is made for each: a body of a few megabytes may have millions.
                var sent = document.RootElement.GetArrayLength();
                if (sent == 0 || sent > most)
                {
                    throw new InvalidRequestException("body", $"has {sent} events: send 1 to {most} of them in a call");
                }

                return [.. document.RootElement.EnumerateArray().Select(Bytes)];
            }
        }
        catch (JsonException)
        {
            // Told below, as any other body that is no array.
        }

        throw new InvalidRequestException("body", "must be a JSON array of CloudEvents");
    }

    /// <summary>An event in structured mode.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public static CloudEvent Read(ReadOnlyMemory<byte> json)
        => Read("body", () => Formatter.DecodeStructuredModeMessage(json, new ContentType(Structured), extensionAttributes: null));

    /// <summary>An event in binary mode: attributes in headers, data in the body.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public static CloudEvent Read(HttpRequest request, ReadOnlyMemory<byte> body) => Read("ce-specversion", () =>
    {
        var version = CloudEventsSpecVersion.FromVersionId(request.Headers[$"{Prefix}specversion"])
            ?? throw new ArgumentException("ce-specversion must be 1.0");
        var read = new CloudEvent(version);
        foreach (var (name, value) in request.Headers)
        {
            var attribute = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..].ToLowerInvariant() : "";
            if (attribute is not ("" or "specversion"))
            {
                // Percent-encoded UTF-8, by section 3.1.3.2 of the HTTP binding; quotes around it are older producers'.
                read.SetAttributeFromString(attribute, Uri.UnescapeDataString(value.ToString().Trim('"')));
            }
        }

        if (body.Length > 0)
        {
            read.DataContentType = Json;
            Formatter.DecodeBinaryModeEventData(body, read);
        }

        read.Validate();
        return read;
    });

    private static ReadOnlyMemory<byte> Bytes(JsonElement json) => Encoding.UTF8.GetBytes(json.GetRawText());

    /// <summary>Words what the library finds: it says it by exceptions, and of which parameter of its own.</summary>
    private static CloudEvent Read(string field, Func<CloudEvent> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException)
        {
            var why = fault.Message.Split(" (Parameter", 2)[0].Split('\n')[0].TrimEnd('.');
            throw new InvalidRequestException(
                field, $"is no CloudEvent 1.0 ({why}): it needs specversion, id, source and type, as text");
        }
        catch (JsonException)
        {
            throw new InvalidRequestException("body", "is not JSON");
        }
    }
}
