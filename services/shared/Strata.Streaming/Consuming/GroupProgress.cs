using Confluent.Kafka;
using Strata.Streaming.Connecting;
using Strata.Streaming.Records;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Consuming;

/// <summary>
/// Compares a group's committed positions with the ends of a topic. Between the two may lie marks of transactions alone: whether there is
/// a record is seen by reading on from the position.
/// </summary>
internal sealed class GroupProgress(StreamingParts parts) : IGroupProgress
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    public async ValueTask<bool> HasReadAllAsync(string group, string topic, CancellationToken cancellationToken)
    {
        await parts.Gate.ReadyAsync(cancellationToken);
        var count = await parts.Topics.PartitionsAsync(topic, cancellationToken);
        TopicPartition[] partitions = [.. Enumerable.Range(0, count).Select(partition => new TopicPartition(topic, partition))];
        var ends = await parts.Ends.TrueAsync(partitions, cancellationToken);
        var committed = await parts.Questions.AskAsync($"positions of {group}", () => Committed(group, partitions), cancellationToken);
        TopicPartitionOffset[] behind = [.. committed.Where(position => position.Offset < ends[position.TopicPartition])];
        return behind.Length == 0 || !await Task.Run(() => HasRecords(behind, cancellationToken), cancellationToken);
    }

    // A member that never subscribes takes part in nothing.
    private List<TopicPartitionOffset> Committed(string group, TopicPartition[] partitions)
    {
        using var member = parts.Clients.Member(group, coPartitioned: false).Build();
        return
        [
            .. member.Committed(partitions, parts.Clients.RequestTimeout)
                .Select(position => new TopicPartitionOffset(
                    position.TopicPartition, position.Offset.IsSpecial ? Offset.Beginning : position.Offset)),
        ];
    }

    private bool HasRecords(TopicPartitionOffset[] positions, CancellationToken cancellationToken)
    {
        using var reader = parts.Clients.Reader("progress");
        reader.Assign(positions);
        for (var atEnd = 0; atEnd < positions.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Poll(reader) is { } result)
            {
                if (!result.IsPartitionEOF)
                {
                    return true;
                }

                atEnd++;
            }
        }

        return false;
    }

    private static ConsumeResult<RecordKey, byte[]?>? Poll(IConsumer<RecordKey, byte[]?> reader)
    {
        try
        {
            return reader.Consume(Wait);
        }
        catch (ConsumeException fault) when (BrokerFaults.Transient(fault))
        {
            return null; // the client goes on by itself
        }
    }
}
