using System.Collections.Concurrent;
using Google.Protobuf;
using Strata.Streaming.Publishing;
using Strata.Streaming.Topology;

namespace Strata.Testing.Doubles;

/// <summary>A message that was published.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Key">Key.</param>
/// <param name="Value">Message; null is a tombstone.</param>
/// <param name="Timestamp">Record time.</param>
/// <param name="Position">Where it lies.</param>
public sealed record PublishedMessage(string Topic, string? Key, IMessage? Value, DateTimeOffset Timestamp, PublishedPosition Position);

/// <summary>
/// An <see cref="IPublisher"/> that keeps what is published, offsets and partitions as a broker would give them. <see cref="Acknowledge"/>
/// decides when, and whether, a message is acknowledged.
/// </summary>
public sealed class RecordingPublisher(int partitions = 4) : IPublisher, IBatchPublisher
{
    private readonly ConcurrentQueue<PublishedMessage> _messages = new();
    private readonly Dictionary<(string Topic, int Partition), long> _next = [];

    /// <summary>What was acknowledged, in that order.</summary>
    public IReadOnlyList<PublishedMessage> Messages => [.. _messages];

    /// <summary>
    /// Awaited before each acknowledgement; throw <see cref="PublishException"/> to refuse one. The default acknowledges at once.
    /// </summary>
    public Func<string, string?, IMessage?, Task> Acknowledge { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Identity of a partition's log, as this publisher makes it up.</summary>
    public static ulong LogOf(string topic, int partition) => (ulong)(topic.Length * 1000) + (ulong)partition + 1;

    /// <summary>What was published to a topic.</summary>
    public IEnumerable<T> Of<T>(string topic)
        where T : class, IMessage
        => _messages.Where(m => m.Topic == topic).Select(m => m.Value).OfType<T>();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PublishedPosition>> PublishAllAsync(
        string topic,
        IReadOnlyList<KeyValuePair<string, IMessage>> messages,
        DateTimeOffset timestamp,
        CancellationToken cancellationToken)
    {
        await Task.WhenAll(messages.Select(message => Acknowledge(topic, message.Key, message.Value))).WaitAsync(cancellationToken);
        var published = messages.Select(message => new PublishedMessage(
            topic, message.Key, message.Value, timestamp, Next(topic, KeyPartitioner.PartitionOf(message.Key, partitions)))).ToArray();
        foreach (var message in published)
        {
            _messages.Enqueue(message);
        }

        return [.. published.Select(message => message.Position)];
    }

    /// <inheritdoc/>
    public async Task<PublishedPosition> PublishAsync(
        string topic, string? key, IMessage? value, DateTimeOffset timestamp, CancellationToken cancellationToken, int? partition = null)
    {
        var at = partition ?? (key is null ? 0 : KeyPartitioner.PartitionOf(key, partitions));
        var position = Next(topic, at);
        await Acknowledge(topic, key, value).WaitAsync(cancellationToken);
        _messages.Enqueue(new PublishedMessage(topic, key, value, timestamp, position));
        return position;
    }

    private PublishedPosition Next(string topic, int partition)
    {
        lock (_next)
        {
            _next.TryGetValue((topic, partition), out var offset);
            _next[(topic, partition)] = offset + 1;
            return new PublishedPosition(partition, offset, LogOf(topic, partition));
        }
    }
}
