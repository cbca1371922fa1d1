using System.Text;
using Confluent.Kafka;
using Strata.Streaming.Archiving;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Archiving;

/// <summary>The line of a backup through a log on which transactions are under way.</summary>
[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class LogArchiveOnReal(RealBrokerFixture fixture)
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(30);

    private IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task Cut_BehindTheBeginningOfAnOpenTransaction_HasWhatAnotherInstanceCommitted()
    {
        using var kafka = new KafkaTool(Broker);
        var (topic, source, group) = (await kafka.TopicAsync(1), await kafka.TopicAsync(1), $"g{Guid.NewGuid():N}");
        using var slow = Producer();
        slow.BeginTransaction();
        await slow.ProduceAsync(new TopicPartition(topic, 0), Message("slow"), TestContext.Current.CancellationToken);
        using var quick = Producer();
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = Broker.BootstrapServers, GroupId = group }).Build();
        quick.BeginTransaction();
        await quick.ProduceAsync(new TopicPartition(topic, 0), Message("quick"), TestContext.Current.CancellationToken);
        quick.SendOffsetsToTransaction([new TopicPartitionOffset(source, 0, 7)], consumer.ConsumerGroupMetadata, Answer);
        quick.CommitTransaction(Answer);
        using var archive = new LogArchive(new Dictionary<string, string> { ["bootstrap.servers"] = Broker.BootstrapServers });

        var cutting = archive.CutAsync(new ArchiveStep([group], [topic]), TestContext.Current.CancellationToken);
        await Task.WhenAny(cutting, Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
        slow.AbortTransaction(Answer);
        var (logs, positions) = await cutting.Soon();

        Assert.Equal([(group, 7L)], positions.Select(position => (position.Group, position.Next)));
        Assert.Equal(
            ["quick"],
            archive.Read([.. logs], TestContext.Current.CancellationToken).Select(record => Encoding.UTF8.GetString(record.Value!)));
    }

    private IProducer<byte[], byte[]> Producer()
    {
        var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = Broker.BootstrapServers, TransactionalId = $"t{Guid.NewGuid():N}" }).Build();
        producer.InitTransactions(Answer);
        return producer;
    }

    private static Message<byte[], byte[]> Message(string value)
        => new() { Key = Encoding.UTF8.GetBytes("key"), Value = Encoding.UTF8.GetBytes(value) };
}
