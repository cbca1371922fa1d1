using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Strata.Streaming.Inspection;

/// <summary>A dead letter as people read it.</summary>
public sealed record LetterView
{
    /// <summary>What it is called.</summary>
    public required string Id { get; init; }

    /// <summary>When it was set aside.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Where its record lay: topic, partition, offset.</summary>
    public required string Source { get; init; }

    /// <summary>Why it could not succeed.</summary>
    public required string Reason { get; init; }

    /// <summary>Type of the fault.</summary>
    public required string ErrorType { get; init; }

    /// <summary>Consumer group that gave up.</summary>
    public required string Group { get; init; }

    /// <summary>Key of the record; null: it has none.</summary>
    public required string? Key { get; init; }

    /// <summary>What was done about it; null: nothing yet.</summary>
    public required string? Settled { get; init; }

    /// <summary>The message as JSON; null where the bytes are none.</summary>
    public JsonNode? Message { get; init; }

    /// <summary>Why there is no message.</summary>
    public string? Undecoded { get; init; }

    /// <summary>Bytes of the value in base64; null: a tombstone.</summary>
    public string? Bytes { get; init; }

    /// <summary>Headers of the record.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>One line of it, or all.</summary>
    public static LetterView Of(StoredLetter stored, bool whole)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var letter = stored.Letter;
        var view = new LetterView
        {
            Id = stored.Id,
            Time = stored.Time,
            Source = string.Create(CultureInfo.InvariantCulture, $"{letter.Topic}/{letter.Partition}/{letter.Offset}"),
            Reason = letter.Reason,
            ErrorType = letter.ErrorType,
            Group = letter.Group,
            Key = letter.HasKey ? letter.Key.ToStringUtf8() : null,
            Settled = stored.Settled,
        };
        if (!whole)
        {
            return view;
        }

        var (json, fault) = letter.HasValue ? TopicMessages.Decode(letter.Topic, letter.Key.Span, letter.Value) : (null, "a tombstone");
        return view with
        {
            Message = json is null ? null : JsonNode.Parse(json),
            Undecoded = fault,
            Bytes = letter.HasValue ? letter.Value.ToBase64() : null,
            Headers = letter.Headers.GroupBy(header => header.Name, StringComparer.Ordinal)
                .ToDictionary(headers => headers.Key, headers => Encoding.UTF8.GetString(headers.Last().Value.Span)),
        };
    }
}
