using System.Globalization;
using System.Text.Json;
using Strata.Contracts;

namespace Strata.Streaming.Inspection;

/// <summary>What people do with dead letters, by whatever they hold them: a terminal or a page.</summary>
/// <param name="box">Where they lie.</param>
public sealed class LetterDesk(LetterBox box)
{
    /// <summary>Letters of a topic, or of all; settled ones too.</summary>
    /// <param name="topic">The source topic; null: all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">The broker does not answer.</exception>
    public Task<IReadOnlyList<StoredLetter>> ReadAsync(string? topic, CancellationToken cancellationToken)
    {
        string[] topics = topic is null ? [.. Topics.All.Select(spec => spec.Name)] : [topic];
        return Task.Run(() => box.Read(topics, cancellationToken), cancellationToken);
    }

    /// <summary>Letters that nothing was done about yet.</summary>
    public async Task<IReadOnlyList<StoredLetter>> OpenAsync(string? topic, CancellationToken cancellationToken)
        => [.. (await ReadAsync(topic, cancellationToken)).Where(letter => letter.Settled is null)];

    /// <summary>One letter.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public async Task<StoredLetter> FindAsync(string id, CancellationToken cancellationToken)
        => (await FindAsync([id], cancellationToken))[0];

    /// <summary>Letters by name, read together from the first of them on.</summary>
    /// <exception cref="InvalidDataException">There is none of one of the names.</exception>
    public async Task<IReadOnlyList<StoredLetter>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new Dictionary<string, StoredLetter>(StringComparer.Ordinal);
        foreach (var topic in ids.Select(PlaceOf).OfType<(string Topic, int Partition, long Offset)>().GroupBy(place => place.Topic))
        {
            var places = topic.Select(place => (place.Partition, place.Offset)).ToHashSet();
            foreach (var letter in await Task.Run(() => box.Find(topic.Key, places, cancellationToken), cancellationToken))
            {
                found[letter.Id] = letter;
            }
        }

        return
        [
            .. ids.Select(id => found.GetValueOrDefault(id)
                ?? throw new InvalidDataException($"There is no dead letter {id}: strata dead-letters list --settled names all")),
        ];
    }

    /// <summary>Sends the record of a letter again.</summary>
    /// <param name="stored">The letter.</param>
    /// <param name="mended">The message as JSON, alone or in what <see cref="LetterView"/> says; null: the original bytes.</param>
    /// <exception cref="InvalidDataException">The JSON is no message of that topic.</exception>
    public Task ResendAsync(StoredLetter stored, string? mended)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var letter = stored.Letter;
        return box.ResendAsync(stored, mended is null ? null : TopicMessages.Encode(letter.Topic, letter.Key.Span, MessageIn(mended)));
    }

    /// <summary>Marks a letter as given up.</summary>
    public Task DiscardAsync(StoredLetter stored) => box.DiscardAsync(stored);

    private static (string Topic, int Partition, long Offset)? PlaceOf(string id)
    {
        var parts = id.Split('/');
        return parts.Length == 3
            && Topics.All.FirstOrDefault(spec => spec.Name == parts[0]) is { } topic
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? (topic.Name, partition, offset)
            : null;
    }

    private static string MessageIn(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error_type", out _)
                ? document.RootElement.GetProperty("message").GetRawText()
                : json;
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"The message is no JSON: {fault.Message}", fault);
        }
    }
}
