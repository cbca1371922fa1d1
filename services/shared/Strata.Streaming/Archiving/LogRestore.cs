using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strata.Streaming.Connecting;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Archiving;

/// <summary>Makes topics and fills them, for a system that does not run yet.</summary>
/// <param name="client">How the broker is reached, see <see cref="ClientSettings"/>.</param>
public sealed class LogRestore(IReadOnlyDictionary<string, string> client) : IDisposable
{
    private const int LingerMs = 20;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ArchiveAdmin _admin = new(client);
    private IProducer<byte[]?, byte[]?>? _producer;

    /// <summary>Groups that somebody is in.</summary>
    public Task<IReadOnlyList<string>> RunningAsync(IReadOnlyCollection<string> groups)
        => _admin.AskAsync<IReadOnlyList<string>>(async () =>
        {
            var answer = await _admin.Client.ListConsumerGroupsAsync(
                new ListConsumerGroupsOptions { RequestTimeout = ArchiveAdmin.Answer });
            return
            [
                .. answer.Valid
                    .Where(group => groups.Contains(group.GroupId))
                    .Where(group => group.State is not (ConsumerGroupState.Empty or ConsumerGroupState.Dead))
                    .Select(group => group.GroupId),
            ];
        });

    /// <summary>Those of the topics that have, or had, records.</summary>
    public async Task<IReadOnlyList<string>> UsedAsync(IReadOnlyCollection<string> topics)
    {
        var ends = await _admin.OffsetsAsync(
            [
                .. _admin.Partitions(topics).SelectMany(topic => Enumerable.Range(0, topic.Value)
                    .Select(partition => new TopicPartition(topic.Key, partition))),
            ],
            OffsetSpec.Latest());
        return [.. ends.Where(end => end.Value > 0).Select(end => end.Key.Topic).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Those of the topics that this release does not have.</summary>
    public static IReadOnlyList<string> Unknown(IEnumerable<string> topics)
        => [.. topics.Except(TopicSettings.All(new RetentionOptions()).Select(topic => topic.Name), StringComparer.Ordinal)];

    /// <summary>Removes the topics if they are there, and makes them anew with so many partitions each.</summary>
    /// <param name="partitions">Numbers of partitions by topic.</param>
    /// <param name="cancellationToken">Ends the wait for the broker.</param>
    public async Task MakeAsync(IReadOnlyDictionary<string, int> partitions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        var old = _admin.Partitions(partitions.Keys).Keys.ToList();
        if (old.Count > 0)
        {
            await _admin.AskAsync(async () =>
            {
                await _admin.Client.DeleteTopicsAsync(old, new DeleteTopicsOptions { OperationTimeout = Patience });
                return 0;
            });
            await UntilAsync(() => _admin.Partitions(old).Count == 0, "removes its topics", cancellationToken);
        }

        var planned = TopicSettings.All(RetentionOptions.OfEnvironment(Environment.GetEnvironmentVariable));
        await _admin.AskAsync(async () =>
        {
            await _admin.Client.CreateTopicsAsync(
                planned.Where(topic => partitions.ContainsKey(topic.Name)).Select(topic => new TopicSpecification
                {
                    Name = topic.Name,
                    NumPartitions = partitions[topic.Name],
                    ReplicationFactor = topic.ReplicationFactor,
                    Configs = topic.Configs,
                }),
                new CreateTopicsOptions { OperationTimeout = Patience });
            return 0;
        });
        await UntilAsync(() => _admin.Partitions(partitions.Keys).Count == partitions.Count, "shows its new topics", cancellationToken);
    }

    /// <summary>Identities of the logs of such topics, by topic and partition.</summary>
    public async Task<IReadOnlyDictionary<(string Topic, int Partition), ulong>> LogsAsync(IReadOnlyDictionary<string, int> partitions)
        => (await _admin.LogsAsync(partitions))
            .ToDictionary(log => (log.Key.Topic, log.Key.Partition.Value), log => log.Value);

    /// <summary>Writes records into an empty topic: the first of each partition gets offset 0, and none is left out.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="records">Records; their offsets say nothing here.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">Somebody else writes to the topic.</exception>
    public void Write(string topic, IEnumerable<LogRecord> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        _producer ??= Producer();
        var next = new Dictionary<int, long>();
        Exception? failed = null;
        foreach (var record in records)
        {
            var expected = next.GetValueOrDefault(record.Partition);
            next[record.Partition] = expected + 1;
            var message = new Message<byte[]?, byte[]?> { Key = record.Key, Value = record.Value, Headers = [] };
            foreach (var (name, value) in record.Headers)
            {
                message.Headers.Add(name, value);
            }

            Send(new TopicPartition(topic, record.Partition), message, expected);
            if (failed is not null)
            {
                throw failed;
            }
        }

        while (_producer.Flush(Poll) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (failed is not null)
        {
            throw failed;
        }

        void Send(TopicPartition to, Message<byte[]?, byte[]?> message, long expected)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    _producer.Produce(to, message, report => failed ??= Fault(report, expected));
                    return;
                }
                catch (ProduceException<byte[]?, byte[]?> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
                {
                    _producer.Poll(Poll);
                }
            }
        }
    }

    /// <summary>Sets the positions of groups that nobody is in.</summary>
    public async Task CommitAsync(IReadOnlyCollection<ArchivedPosition> positions)
    {
        foreach (var group in positions.GroupBy(position => position.Group, StringComparer.Ordinal))
        {
            List<TopicPartitionOffset> offsets =
                [.. group.Select(position => new TopicPartitionOffset(position.Topic, position.Partition, position.Next))];
            await _admin.AskAsync(() => SetAsync(new ConsumerGroupTopicPartitionOffsets(group.Key, offsets)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _producer?.Dispose();
        _admin.Dispose();
    }

    /// <summary>A new broker has nobody yet who keeps positions, and makes that at the first question.</summary>
    private async Task<bool> SetAsync(ConsumerGroupTopicPartitionOffsets positions)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await _admin.Client.AlterConsumerGroupOffsetsAsync(
                    [positions], new AlterConsumerGroupOffsetsOptions { RequestTimeout = ArchiveAdmin.Answer });
                return true;
            }
            catch (KafkaException) when (TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Poll, TimeProvider.System);
            }
        }
    }

    private static async Task UntilAsync(Func<bool> holds, string what, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"The broker never {what}");
            }

            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }
    }

    private Exception? Fault(DeliveryReport<byte[]?, byte[]?> report, long expected) => report switch
    {
        { Error.IsError: true } => new TimeoutException(
            $"The broker at {ClientSettings.AddressIn(client)} does not take records for {report.Topic}: {report.Error.Reason}"),
        _ when report.Offset.Value != expected => new InvalidOperationException(
            $"{report.TopicPartition} got a record of somebody else: stop all that writes to it and restore again with --force"),
        _ => null,
    };

    private IProducer<byte[]?, byte[]?> Producer()
        => new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig(new Dictionary<string, string>(client))
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            CompressionType = CompressionType.Lz4,
            LingerMs = LingerMs,
            MessageTimeoutMs = (int)Patience.TotalMilliseconds,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
}
