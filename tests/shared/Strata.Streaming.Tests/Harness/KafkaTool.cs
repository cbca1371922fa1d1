using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strata.Contracts;
using Strata.Streaming.Topology;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Harness;

/// <summary>Looks at a broker with the bare client, past the code under test.</summary>
internal sealed class KafkaTool(IBroker broker) : IDisposable
{
    private readonly IAdminClient _admin =
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
    private readonly IProducer<byte[]?, byte[]?> _producer = new ProducerBuilder<byte[]?, byte[]?>(
        new ProducerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            EnableIdempotence = true,
            LingerMs = 2,
            Partitioner = Partitioner.Murmur2Random,
        }).Build();

    /// <summary>Makes a topic as Strata makes its own; the embedded broker has 4 partitions whatever is asked.</summary>
    public async Task<string> TopicAsync(int partitions, string? name = null)
    {
        var topic = name ?? $"t{Guid.NewGuid():N}"[..13];
        if (!broker.Embedded)
        {
            await _admin.CreateTopicsAsync([TopicSettings.Of(new TopicSpec(topic, partitions, TimeSpan.FromDays(7)))]);
        }

        while (_admin.GetMetadata(topic, TimeSpan.FromSeconds(5)).Topics.Single() is { Error.IsError: true } or { Partitions.Count: 0 })
        {
            await Task.Yield();
        }

        return topic;
    }

    public Task ProduceAsync(string topic, int from, int count, int? partition = null)
        => Task.WhenAll(
            Enumerable.Range(from, count)
                .Select(i => ProduceAsync(topic, Encoding.UTF8.GetBytes($"k{i}"), Encoding.UTF8.GetBytes($"v{i}"), partition)));

    public Task<DeliveryResult<byte[]?, byte[]?>> ProduceAsync(
        string topic, byte[]? key, byte[]? value, int? partition = null, Headers? headers = null)
        => _producer.ProduceAsync(
            new TopicPartition(topic, partition ?? Partition.Any),
            new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers });

    public void Commit(string group, string topic, int partition, long offset)
    {
        using var consumer = Consumer(group);
        consumer.Commit([new TopicPartitionOffset(topic, partition, offset)]);
    }

    public long Committed(string group, string topic, int partition)
    {
        using var consumer = Consumer(group);
        return consumer.Committed([new TopicPartition(topic, partition)], TimeSpan.FromSeconds(10)).Single().Offset.Value;
    }

    /// <summary>Dies within a transaction that moves a group's position on partition 0; the broker would end it after a minute.</summary>
    public void LeaveOpen(string transactionalId, string group, string topic, long offset)
    {
        var patience = TimeSpan.FromSeconds(20);
        using var member = Consumer(group);
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            TransactionalId = transactionalId,
            TransactionTimeoutMs = 60_000,
        }).Build();
        producer.InitTransactions(patience);
        producer.BeginTransaction();
        producer.SendOffsetsToTransaction([new TopicPartitionOffset(topic, 0, offset)], member.ConsumerGroupMetadata, patience);
    }

    /// <summary>Deletes what lies below an offset, as retention does.</summary>
    public Task DeleteBelowAsync(string topic, int partition, long offset)
        => _admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, partition, offset)]);

    public int Partitions(string topic) => _admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions.Count;

    public async Task<IReadOnlyDictionary<string, string>> ConfigAsync(string topic)
        => (await _admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]))
            .Single().Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value);

    /// <summary>All committed records of a topic, up to the ends that its partitions have now.</summary>
    public List<ConsumeResult<byte[]?, byte[]?>> ReadAll(string topic)
    {
        using var consumer = Consumer($"read-{Guid.NewGuid():N}");
        var partitions = Enumerable.Range(0, Partitions(topic)).Select(number => new TopicPartition(topic, number)).ToList();
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        var open = partitions.ToHashSet();
        var records = new List<ConsumeResult<byte[]?, byte[]?>>();
        while (open.Count > 0)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException($"{topic} shows no end");
            if (result.IsPartitionEOF)
            {
                open.Remove(result.TopicPartition);
            }
            else
            {
                records.Add(result);
            }
        }

        return records;
    }

    public void Dispose()
    {
        _producer.Dispose();
        _admin.Dispose();
    }

    private IConsumer<byte[]?, byte[]?> Consumer(string group)
        => new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = group,
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            FetchWaitMaxMs = 10,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
}
