using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strata.Chaos.Stack;

namespace Strata.Chaos.Checks;

/// <summary>How far consumer groups are.</summary>
internal sealed class GroupPositions(string bootstrapServers, IReadOnlyCollection<string> groups) : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, GroupReader> _readers = groups.ToDictionary(
        group => group, group => new GroupReader(bootstrapServers, group), StringComparer.Ordinal);

    private readonly IAdminClient _admin = new AdminClientBuilder(
        new AdminClientConfig { BootstrapServers = bootstrapServers, ReconnectBackoffMaxMs = 1000 })
        .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    /// <summary>
    /// The group and partition that has not committed what lies in the log; null when there is none, a word when nobody answers.
    /// </summary>
    /// <param name="last">Offset of the newest record by partition.</param>
    /// <param name="read">A topic that somebody must have committed something of.</param>
    public async Task<string?> BehindAsync(IReadOnlyDictionary<TopicPartition, long> last, string? read = null)
    {
        var isRead = read is null;
        foreach (var group in groups)
        {
            Dictionary<TopicPartition, long> positions;
            try
            {
                positions = await _readers[group].ReadAsync();
            }
            catch (KafkaException fault)
            {
                // After a broker that was away a client may never be answered again; a new one is at once.
                _readers[group].Dispose();
                _readers[group] = new GroupReader(bootstrapServers, group);
                return $"the positions of {group} are not answered: {fault.Error.Reason}";
            }

            var topics = positions.Keys.Select(partition => partition.Topic).ToHashSet(StringComparer.Ordinal);
            isRead |= read is not null && topics.Contains(read);
            foreach (var (partition, offset) in last.Where(entry => topics.Contains(entry.Key.Topic)))
            {
                var next = positions.GetValueOrDefault(partition);
                if (next <= offset)
                {
                    var place = $"{partition.Topic} partition {partition.Partition.Value}";
                    return $"{group} is at {next} of {place}, {offset} is there";
                }
            }
        }

        return isRead ? null : $"nobody has read {read}";
    }

    /// <summary>
    /// Whether a transaction is open on a partition, as far as one knows: the last stable offset lies before the true end, or nobody says.
    /// </summary>
    public async Task<bool> HasOpenTransactionAsync(TopicPartition partition)
    {
        try
        {
            return await EndAsync(partition, IsolationLevel.ReadCommitted) < await EndAsync(partition, IsolationLevel.ReadUncommitted);
        }
        catch (KafkaException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        foreach (var reader in _readers.Values)
        {
            reader.Dispose();
        }

        _admin.Dispose();
    }

    private async Task<long> EndAsync(TopicPartition partition, IsolationLevel isolation)
        => (await _admin.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }],
            new ListOffsetsOptions { RequestTimeout = Answer, IsolationLevel = isolation }))
            .ResultInfos.Single().TopicPartitionOffsetError.Offset.Value;
}
