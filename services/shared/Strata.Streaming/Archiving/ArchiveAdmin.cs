using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strata.Streaming.Connecting;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Archiving;

/// <summary>What copying asks of a broker.</summary>
internal sealed class ArchiveAdmin(IReadOnlyDictionary<string, string> client) : IDisposable
{
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public IAdminClient Client { get; } = new AdminClientBuilder(client)
        .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    /// <summary>Numbers of partitions of those topics that are there.</summary>
    public IReadOnlyDictionary<string, int> Partitions(IEnumerable<string> topics) => Ask(() =>
    {
        var wanted = topics.ToHashSet(StringComparer.Ordinal);
        return Client.GetMetadata(Answer).Topics
            .Where(topic => wanted.Contains(topic.Topic) && topic is { Error.IsError: false, Partitions.Count: > 0 })
            .ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count, StringComparer.Ordinal);
    });

    /// <summary>Identities of logs by topic and partition.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, ulong>> LogsAsync(IReadOnlyDictionary<string, int> partitions)
        => AskAsync<IReadOnlyDictionary<TopicPartition, ulong>>(async () =>
        {
            var cluster = await Client.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = Answer });
            var topics = await DescribeAsync(partitions.Keys);
            return topics.TopicDescriptions
                .SelectMany(topic => Enumerable.Range(0, partitions[topic.Name]).Select(partition => KeyValuePair.Create(
                    new TopicPartition(topic.Name, partition), LogIdentity.Of(cluster.ClusterId, topic.TopicId.ToString(), partition))))
                .ToDictionary();
        });

    /// <summary>Offsets of partitions; the ends up to which transactions are over, or with those that are not.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, long>> OffsetsAsync(
        IReadOnlyCollection<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation = IsolationLevel.ReadCommitted)
        => AskAsync<IReadOnlyDictionary<TopicPartition, long>>(async () =>
        {
            if (partitions.Count == 0)
            {
                return new Dictionary<TopicPartition, long>();
            }

            var answer = await Client.ListOffsetsAsync(
                partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = which }),
                new ListOffsetsOptions { RequestTimeout = Answer, IsolationLevel = isolation });
            return answer.ResultInfos.ToDictionary(
                info => info.TopicPartitionOffsetError.TopicPartition, info => Math.Max(0, info.TopicPartitionOffsetError.Offset.Value));
        });

    /// <summary>Positions of groups; null while a transaction that moves them is about to end.</summary>
    public Task<IReadOnlyList<ArchivedPosition>?> PositionsAsync(IReadOnlyList<string> groups)
        => AskAsync<IReadOnlyList<ArchivedPosition>?>(async () =>
        {
            var positions = new List<ArchivedPosition>();
            foreach (var group in groups)
            {
                try
                {
                    var answer = await Client.ListConsumerGroupOffsetsAsync(
                        [new ConsumerGroupTopicPartitions(group, null)],
                        new ListConsumerGroupOffsetsOptions { RequestTimeout = Answer, RequireStableOffsets = true });
                    positions.AddRange(answer.SelectMany(found => found.Partitions).Where(position => position.Offset.Value >= 0)
                        .Select(position => new ArchivedPosition(group, position.Topic, position.Partition.Value, position.Offset.Value)));
                }
                catch (ListConsumerGroupOffsetsException fault)
                    when (ErrorsOf(fault).All(error => error.Code == ErrorCode.UnstableOffsetCommit))
                {
                    return null;
                }
                catch (ListConsumerGroupOffsetsException fault)
                {
                    throw new KafkaException(ErrorsOf(fault).First(error => error.Code != ErrorCode.UnstableOffsetCommit), fault);
                }
            }

            return positions;
        });

    public T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (KafkaException fault)
        {
            throw Silent(fault);
        }
    }

    public async Task<T> AskAsync<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (KafkaException fault)
        {
            throw Silent(fault);
        }
    }

    public void Dispose() => Client.Dispose();

    // A broker of several may not know a topic that was made a moment ago.
    private async Task<DescribeTopicsResult> DescribeAsync(IEnumerable<string> topics)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                return await Client.DescribeTopicsAsync(
                    TopicCollection.OfTopicNames(topics), new DescribeTopicsOptions { RequestTimeout = Answer });
            }
            catch (DescribeTopicsException) when (TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    /// <summary>What went wrong with any of the partitions; the client says "check individual results", whatever it is.</summary>
    private static IEnumerable<Error> ErrorsOf(ListConsumerGroupOffsetsException fault)
        => fault.Results.SelectMany(group => group.Partitions.Select(position => position.Error).Append(group.Error))
            .Where(error => error is { IsError: true }).DefaultIfEmpty(fault.Error);

    private Exception Silent(KafkaException fault)
        => fault.Error.Code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown
            ? new TimeoutException($"The broker at {ClientSettings.AddressIn(client)} does not answer: {fault.Error.Reason}", fault)
            : new InvalidDataException($"The broker at {ClientSettings.AddressIn(client)} refuses: {fault.Error.Reason}", fault);
}
