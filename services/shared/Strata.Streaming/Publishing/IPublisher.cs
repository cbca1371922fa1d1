using Google.Protobuf;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Publishing;

/// <summary>
/// Publishes single messages: idempotent producer, <c>acks=all</c>, murmur2 partitioner (the same as Kafka's Java clients).
/// </summary>
public interface IPublisher
{
    /// <summary>
    /// Publishes and waits for the broker's acknowledgement. Throws <see cref="PublishException"/> when the broker refuses or the delivery
    /// budget ends.
    /// </summary>
    Task<PublishedPosition> PublishAsync(
        string topic, string? key, IMessage? value, DateTimeOffset timestamp, CancellationToken cancellationToken, int? partition = null);
}

/// <summary>Where a message lies.</summary>
/// <param name="Partition">Partition.</param>
/// <param name="Offset">Offset.</param>
/// <param name="Log">Identity of the partition's log, see <see cref="ITopics.LogAsync"/>.</param>
public readonly record struct PublishedPosition(int Partition, long Offset, ulong Log);

/// <summary>A message could not be published.</summary>
public sealed class PublishException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the same call may succeed later.</summary>
    public bool Transient { get; init; }

    /// <summary>True when it was refused because too much waits already.</summary>
    public bool Full { get; init; }

    /// <summary>Which message of a batch is to blame; null: none in particular.</summary>
    public int? Index { get; init; }
}
