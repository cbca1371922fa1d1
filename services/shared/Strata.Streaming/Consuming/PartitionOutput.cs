using Google.Protobuf;
using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming;

/// <summary>What the handler of one partition sends on, and how far it has come. Only called by that handler, one call at a time.</summary>
public abstract class PartitionOutput
{
    /// <summary>
    /// Sends a message with the next commit. Null <paramref name="value"/> is a tombstone; without <paramref name="partition"/> the key
    /// decides (murmur2).
    /// </summary>
    /// <param name="topic">Topic to send to.</param>
    /// <param name="key">Key, or null.</param>
    /// <param name="value">Message, or null.</param>
    /// <param name="timestamp">Record time; event time where there is one.</param>
    /// <param name="partition">Partition to send to, or null.</param>
    public abstract void Send(string topic, string? key, IMessage? value, DateTimeOffset timestamp, int? partition = null);

    /// <summary>
    /// Sends <paramref name="record"/> to its topic's dead letters with the next commit, with the original bytes, headers, reason and
    /// origin.
    /// </summary>
    public abstract void DeadLetter(StreamRecord record, string reason, Exception? error = null);

    /// <summary>
    /// Commits <paramref name="next"/> as the partition's position in <paramref name="topic"/> together with everything sent so far. Does
    /// not wait. Positions only go forward; the newest call for a topic counts.
    /// </summary>
    public abstract void Commit(string topic, long next);

    /// <summary>
    /// The newest position of <paramref name="topic"/> that is known to be committed: outputs of records below it are safe.
    /// </summary>
    public abstract long Committed(string topic);

    /// <summary>Waits until everything committed so far is safe.</summary>
    public abstract ValueTask FlushAsync(CancellationToken cancellationToken);
}
