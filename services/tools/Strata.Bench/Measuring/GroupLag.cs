using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strata.Contracts;

namespace Strata.Bench.Measuring;

/// <summary>How far the groups that make profiles and weights are behind.</summary>
/// <param name="client">How the broker is reached, by librdkafka's settings.</param>
internal sealed class GroupLag(IReadOnlyDictionary<string, string> client) : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    // A transaction ends with a mark, which is an offset too and which nobody reads: on its topic one is nothing.
    private static readonly (string Group, string Topic, int Marks)[] Followed =
    [
        ("featurizer-events", Topics.Events, 0),
        ("clustering-points", Topics.InterestPoints, 1),
        ("activity-reducer", Topics.ActivityDeltas, 1),
        ("layer-reducer", Topics.LayerDeltas, 1),
    ];

    private readonly IAdminClient _admin = new AdminClientBuilder(client)
        .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    /// <summary>Records that are not absorbed yet, all groups together.</summary>
    public async Task<long> ReadAsync()
    {
        var metadata = _admin.GetMetadata(Answer);
        var lag = 0L;
        foreach (var (group, topic, marks) in Followed)
        {
            var partitions = metadata.Topics.Single(known => known.Topic == topic).Partitions
                .ConvertAll(partition => new TopicPartition(topic, partition.PartitionId));
            var ends = await _admin.ListOffsetsAsync(
                partitions.Select(
                    partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }),
                new ListOffsetsOptions { RequestTimeout = Answer });
            var positions = (await _admin.ListConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitions(group, partitions)],
                new ListConsumerGroupOffsetsOptions { RequestTimeout = Answer, RequireStableOffsets = false }))
                .SelectMany(result => result.Partitions)
                .ToDictionary(position => position.TopicPartition, position => Math.Max(0, position.Offset.Value));
            lag += ends.ResultInfos.Select(info => info.TopicPartitionOffsetError).Sum(
                end => Behind(end.Offset.Value, positions.GetValueOrDefault(end.TopicPartition), marks));
        }

        return lag;
    }

    /// <summary>Records between a position and an end.</summary>
    public static long Behind(long end, long position, int marks) => Math.Max(0, end - position - marks);

    public void Dispose() => _admin.Dispose();
}
