using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Strata.Contracts.DeadLetters.V1;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Inspection;

/// <summary>Reads partitions of dead letters from given places to their ends.</summary>
/// <param name="client">How the broker is reached.</param>
internal sealed class LetterReading(IReadOnlyDictionary<string, string> client)
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What lies behind those places.</summary>
    /// <param name="from">A place in each partition.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">The broker does not show it in time.</exception>
    public LetterNews Read(IReadOnlyCollection<TopicPartitionOffset> from, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]?>(InspectionReading.Settings(client))
            .SetValueDeserializer(Deserializers.ByteArray)
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        consumer.Assign(from);
        var open = from.Select(place => place.TopicPartition).ToHashSet();
        var news = new LetterNews();
        var start = TimeProvider.System.GetTimestamp();
        while (open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"The broker at {ClientSettings.AddressIn(client)} does not show its dead letters in time");
            }

            if (consumer.Consume(Wait) is not { } result)
            {
                continue;
            }

            if (result.IsPartitionEOF)
            {
                news.Next[result.TopicPartition] = result.Offset.Value;
                open.Remove(result.TopicPartition);
            }
            else if (result.Message.Value is { } value)
            {
                news.Letters.Add(new StoredLetter(
                    result.Partition.Value,
                    result.Offset.Value,
                    new DateTimeOffset(result.Message.Timestamp.UtcDateTime),
                    null,
                    DeadLetter.Parser.ParseFrom(value)));
            }
            else if (TextIn(result, LetterBox.SettledHeader) is { } what
                && long.TryParse(TextIn(result, LetterBox.OffsetHeader), CultureInfo.InvariantCulture, out var offset))
            {
                news.Settled[(result.Topic, result.Partition.Value, offset)] = what;
            }
        }

        return news;
    }

    private static string? TextIn(ConsumeResult<Ignore, byte[]?> result, string header)
        => result.Message.Headers.TryGetLastBytes(header, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
