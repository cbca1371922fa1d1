using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Strata.Contracts;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Inspection;

/// <summary>
/// Reads dead letters, sends their records again, and marks what was done. A mark is a record without a value on the same topic, so that
/// one letter among many can be settled and what was decided stays as long as the letter does; the broker could only delete all letters up
/// to one.
/// </summary>
/// <param name="client">How the broker is reached, see <see cref="ClientSettings"/>.</param>
public sealed class LetterBox(IReadOnlyDictionary<string, string> client)
{
    /// <summary>Header of a mark: offset of the letter that was settled, in text.</summary>
    public const string OffsetHeader = "strata.letter.offset";

    /// <summary>Header of a mark: what was done, "resent" or "discarded".</summary>
    internal const string SettledHeader = "strata.letter.settled";

    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    private readonly LetterReading _reading = new(client);

    /// <summary>The dead letters of topics, settled ones too, in the order in which they were set aside.</summary>
    /// <param name="topics">Source topics.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">The broker does not answer.</exception>
    public IReadOnlyList<StoredLetter> Read(IReadOnlyCollection<string> topics, CancellationToken cancellationToken)
        => ReadOn(topics, new Dictionary<TopicPartition, long>(), cancellationToken).Marked();

    /// <summary>The dead letters named, settled ones too; those that are not there are left out.</summary>
    /// <param name="topic">Their source topic.</param>
    /// <param name="places">Partition and offset of each among the dead letters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">The broker does not answer.</exception>
    public IReadOnlyList<StoredLetter> Find(
        string topic, IReadOnlyCollection<(int Partition, long Offset)> places, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(places);
        var there = Partitions([Topics.DeadLettersOf(topic)]);
        var from = places.GroupBy(place => place.Partition)
            .Select(same => new TopicPartitionOffset(Topics.DeadLettersOf(topic), same.Key, same.Min(place => place.Offset)))
            .Where(place => there.Contains(place.TopicPartition))
            .ToList(); // to their ends, since a mark stands behind its letter
        return [.. _reading.Read(from, cancellationToken).Marked().Where(letter => places.Contains((letter.Partition, letter.Offset)))];
    }

    /// <summary>What lies behind known places; in a partition without one, all.</summary>
    internal LetterNews ReadOn(
        IReadOnlyCollection<string> topics, IReadOnlyDictionary<TopicPartition, long> from, CancellationToken cancellationToken)
        => _reading.Read(
            [
                .. Partitions([.. topics.Select(Topics.DeadLettersOf)]).Select(partition => new TopicPartitionOffset(
                    partition, from.TryGetValue(partition, out var next) ? next : Offset.Beginning)),
            ],
            cancellationToken);

    /// <summary>
    /// Sends the record of a letter again, to the partition it lay in and with its key and headers, and marks the letter. Ended in between
    /// it may be sent twice, which consumers are made for.
    /// </summary>
    /// <param name="stored">The letter.</param>
    /// <param name="mended">Value to be sent in place of the original one; null: that one.</param>
    public async Task ResendAsync(StoredLetter stored, byte[]? mended)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var letter = stored.Letter;
        var headers = new Headers();
        foreach (var header in letter.Headers)
        {
            headers.Add(header.Name, header.Value.ToByteArray());
        }

        using var producer = Producer();
        var partition = letter.Partition < Partitions([letter.Topic]).Count ? new Partition(letter.Partition) : Partition.Any;
        await SendAsync(producer, new TopicPartition(letter.Topic, partition), new Message<byte[]?, byte[]?>
        {
            Key = letter.HasKey ? letter.Key.ToByteArray() : null,
            Value = mended ?? (letter.HasValue ? letter.Value.ToByteArray() : null),
            Headers = headers,
        });
        await MarkAsync(producer, stored, "resent");
    }

    /// <summary>Marks a letter as looked at and given up; its bytes stay until the topic's retention takes them.</summary>
    public async Task DiscardAsync(StoredLetter stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        using var producer = Producer();
        await MarkAsync(producer, stored, "discarded");
    }

    private Task MarkAsync(IProducer<byte[]?, byte[]?> producer, StoredLetter stored, string what)
        => SendAsync(
            producer,
            new TopicPartition(Topics.DeadLettersOf(stored.Letter.Topic), stored.Partition),
            new Message<byte[]?, byte[]?>
            {
                Headers = new Headers
                {
                    { SettledHeader, Encoding.UTF8.GetBytes(what) },
                    { OffsetHeader, Encoding.UTF8.GetBytes(stored.Offset.ToString(CultureInfo.InvariantCulture)) },
                },
            });

    private async Task SendAsync(IProducer<byte[]?, byte[]?> producer, TopicPartition to, Message<byte[]?, byte[]?> message)
    {
        try
        {
            await producer.ProduceAsync(to, message);
        }
        catch (ProduceException<byte[]?, byte[]?> fault)
        {
            throw new TimeoutException(
                $"The broker at {ClientSettings.AddressIn(client)} does not take a record for {to.Topic}: {fault.Error.Reason}", fault);
        }
    }

    private IProducer<byte[]?, byte[]?> Producer()
        => new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig(new Dictionary<string, string>(client))
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
            MessageTimeoutMs = (int)Answer.TotalMilliseconds,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    private HashSet<TopicPartition> Partitions(IReadOnlyCollection<string> topics)
    {
        using var admin = new AdminClientBuilder(client).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        try
        {
            return
            [
                .. admin.GetMetadata(Answer).Topics.Where(topic => topics.Contains(topic.Topic))
                    .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId))),
            ];
        }
        catch (KafkaException fault)
        {
            throw new TimeoutException(
                $"The broker at {ClientSettings.AddressIn(client)} does not answer: {fault.Error.Reason}", fault);
        }
    }
}
