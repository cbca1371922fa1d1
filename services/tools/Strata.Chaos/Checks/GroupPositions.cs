using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Strata.Chaos.Checks;

/// <summary>How far the consumer groups are.</summary>
internal sealed class GroupPositions(string bootstrapServers) : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(3);

    private IAdminClient _admin = Client(bootstrapServers);

    /// <summary>
    /// The group and partition that has not committed what lies in the log; null when there is none, a word when nobody answers.
    /// </summary>
    /// <param name="last">Offset of the newest record by partition.</param>
    /// <param name="read">A topic that somebody must have committed something of.</param>
    public async Task<string?> BehindAsync(IReadOnlyDictionary<TopicPartition, long> last, string? read = null)
    {
        try
        {
            var isRead = read is null;
            var groups = (await _admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { RequestTimeout = Answer })).Valid;
            if (groups.Count == 0)
            {
                return "there are no groups";
            }

            foreach (var group in groups)
            {
                var found = await _admin.ListConsumerGroupOffsetsAsync(
                    [new ConsumerGroupTopicPartitions(group.GroupId, null)],
                    new ListConsumerGroupOffsetsOptions { RequestTimeout = Answer, RequireStableOffsets = false });
                var positions = found.SelectMany(result => result.Partitions)
                    .Where(position => !position.Error.IsError && position.Offset.Value >= 0)
                    .ToDictionary(position => position.TopicPartition, position => position.Offset.Value);
                var topics = positions.Keys.Select(partition => partition.Topic).ToHashSet(StringComparer.Ordinal);
                isRead |= read is not null && topics.Contains(read);
                foreach (var (partition, offset) in last.Where(entry => topics.Contains(entry.Key.Topic)))
                {
                    var next = positions.GetValueOrDefault(partition);
                    if (next <= offset)
                    {
                        var place = $"{partition.Topic} partition {partition.Partition.Value}";
                        return $"{group.GroupId} is at {next} of {place}, {offset} is there";
                    }
                }
            }

            return isRead ? null : $"nobody has read {read}";
        }
        catch (KafkaException fault)
        {
            // After a broker that was away a client may never be answered again; a new one is at once. The old one is left to the end of
            // the process: to dispose of one whose requests are under way is not safe (confluent-kafka-dotnet issue 597).
            _admin = Client(bootstrapServers);
            return $"the broker does not answer: {fault.Error.Reason}";
        }
    }

    /// <summary>Whether a transaction is open on a partition: the last stable offset lies before the true end.</summary>
    public async Task<bool> HasOpenTransactionAsync(TopicPartition partition)
        => await EndAsync(partition, IsolationLevel.ReadCommitted) < await EndAsync(partition, IsolationLevel.ReadUncommitted);

    public void Dispose() => _admin.Dispose();

    private static IAdminClient Client(string bootstrapServers)
        => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers, ReconnectBackoffMaxMs = 1000 })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    private async Task<long> EndAsync(TopicPartition partition, IsolationLevel isolation)
        => (await _admin.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }],
            new ListOffsetsOptions { RequestTimeout = Answer, IsolationLevel = isolation }))
            .ResultInfos.Single().TopicPartitionOffsetError.Offset.Value;
}
