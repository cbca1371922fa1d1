using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strata.Contracts;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Topology;

/// <summary>How far back logs go, for tools that run beside the services. A broker that does not answer is a TimeoutException.</summary>
/// <param name="client">How the broker is reached, see <see cref="ClientSettings"/>.</param>
public sealed class LogReach(IReadOnlyDictionary<string, string> client) : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    private readonly IAdminClient _admin = new AdminClientBuilder(client)
        .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    /// <summary>Number of partitions of a topic.</summary>
    /// <exception cref="InvalidDataException">There is no such topic.</exception>
    public int PartitionsOf(string topic)
    {
        try
        {
            return _admin.GetMetadata(topic, Answer).Topics.Single().Partitions is { Count: > 0 } partitions
                ? partitions.Count
                : throw new InvalidDataException($"There is no topic {topic} at {ClientSettings.AddressIn(client)}");
        }
        catch (KafkaException fault)
        {
            throw Silent(fault);
        }
    }

    /// <summary>
    /// By partition, the first offset that is still there. 0 for a compacted topic: of every key it has the newest, wherever it begins.
    /// </summary>
    public async Task<IReadOnlyList<long>> BeginningsAsync(string topic, int partitions)
    {
        if (Topics.All.Single(spec => spec.Name == topic).Retention is null)
        {
            return new long[partitions];
        }

        try
        {
            var answer = await _admin.ListOffsetsAsync(
                Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffsetSpec
                {
                    TopicPartition = new TopicPartition(topic, partition),
                    OffsetSpec = OffsetSpec.Earliest(),
                }),
                new ListOffsetsOptions { RequestTimeout = Answer });
            return
            [
                .. answer.ResultInfos.Select(info => info.TopicPartitionOffsetError)
                    .OrderBy(info => info.Partition.Value).Select(info => Math.Max(0, info.Offset.Value)),
            ];
        }
        catch (KafkaException fault)
        {
            throw Silent(fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _admin.Dispose();

    private TimeoutException Silent(KafkaException fault)
        => new($"The broker at {ClientSettings.AddressIn(client)} does not answer: {fault.Error.Reason}", fault);
}
