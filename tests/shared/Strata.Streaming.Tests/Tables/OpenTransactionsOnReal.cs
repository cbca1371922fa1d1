using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Tables;

/// <summary>What readers do while the log holds a transaction that a killed owner left open.</summary>
[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class OpenTransactionsOnReal(RealBrokerFixture fixture) : IDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);
    private readonly KafkaTool _kafka = new(fixture.Broker);
    private readonly string _id = $"t{Guid.NewGuid():N}";

    [Fact]
    public async Task ReadToEnd_TransactionLeftOpen_WaitsForItsEndAndReadsWhatWasCommittedBehindIt()
    {
        var topic = await _kafka.TopicAsync(1);
        await _kafka.ProduceAsync(topic, 0, 5);
        using var killed = Leave(topic);
        await _kafka.ProduceAsync(topic, 10, 5);
        await using var host = await new StreamHost(fixture.Broker).StartAsync();

        var reading = ReadAsync(host.Services.GetRequiredService<IPartitionReader>(), topic);
        var early = await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        using var successor = Producer();
        successor.InitTransactions(Budget);

        Assert.NotSame(reading, early);
        Assert.Equal([0, 1, 2, 3, 4, 10, 11, 12, 13, 14], (await reading.Soon()).Order());
    }

    [Fact]
    public async Task Table_TransactionLeftOpen_IsCaughtUpOnlyBehindIt()
    {
        var topic = await _kafka.TopicAsync(1);
        await _kafka.ProduceAsync(topic, 0, 5);
        using var killed = Leave(topic);
        await _kafka.ProduceAsync(topic, 10, 5);
        var table = new CountingTable();
        await using var host = await new StreamHost(
            fixture.Broker, services => services.AddSingleton(table).AddTable<CountingTable>("counting", topic)).StartAsync();

        var early = await Task.WhenAny(
            table.Ready.Task, Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        using var successor = Producer();
        successor.InitTransactions(Budget);
        await table.Ready.Task.Soon();

        Assert.NotSame(table.Ready.Task, early);
        Assert.Equal(10, table.Applied);
    }

    public void Dispose() => _kafka.Dispose();

    private static async Task<List<int>> ReadAsync(IPartitionReader reader, string topic)
    {
        var read = new List<int>();
        await foreach (var record in reader.ReadToEndAsync(topic, 0, TestContext.Current.CancellationToken))
        {
            read.Add(int.Parse(record.Key![1..], System.Globalization.CultureInfo.InvariantCulture));
        }

        return read;
    }

    /// <summary>A producer that sent records in a transaction and never ends it.</summary>
    private IProducer<byte[], byte[]> Leave(string topic)
    {
        var producer = Producer();
        producer.InitTransactions(Budget);
        producer.BeginTransaction();
        for (var i = 5; i < 10; i++)
        {
            var message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes($"k{i}"), Value = [1] };
            producer.Produce(new TopicPartition(topic, 0), message);
        }

        producer.Flush(Budget);
        return producer;
    }

    private IProducer<byte[], byte[]> Producer()
        => new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = fixture.Broker.BootstrapServers, TransactionalId = _id }).Build();

    private sealed class CountingTable : ITableHandler
    {
        public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Applied { get; private set; }

        public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
        {
            Applied += batch.Count;
            return ValueTask.CompletedTask;
        }

        public void CaughtUp() => Ready.SetResult();
    }
}
