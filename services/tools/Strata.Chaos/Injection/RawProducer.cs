using Confluent.Kafka;
using Strata.Chaos.Faults;
using Strata.Contracts;

namespace Strata.Chaos.Injection;

/// <summary>Writes past Ingestion what no service would.</summary>
internal sealed class RawProducer(string bootstrapServers) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IProducer<byte[]?, byte[]?> _producer =
        new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = bootstrapServers, EnableIdempotence = true })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    /// <summary>Sends records and waits for their acknowledgements.</summary>
    public Task SendAsync(IEnumerable<(TopicPartition To, Message<byte[]?, byte[]?> Record)> records)
        => Task.WhenAll(records.Select(record => _producer.ProduceAsync(record.To, record.Record)));

    /// <summary>Begins a transaction on a partition, writes into it, and dies without an end: the broker ends it by itself later.</summary>
    /// <param name="partition">Where.</param>
    /// <param name="name">A transactional id that nobody has.</param>
    /// <param name="timeout">After which the broker ends it.</param>
    public static void LeaveOpen(string bootstrapServers, TopicPartition partition, string name, TimeSpan timeout)
    {
        var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            TransactionalId = name,
            TransactionTimeoutMs = (int)timeout.TotalMilliseconds,
        }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        producer.InitTransactions(Patience);
        producer.BeginTransaction();
        producer.Produce(partition, PoisonRecords.Marked("open", [1, 2, 3]));
        producer.Flush(Patience);
        producer.Dispose();
    }

    public static TopicPartition Choose(string topic, int index)
        => new(topic, index % Topics.All.Single(spec => spec.Name == topic).Partitions);

    public void Dispose() => _producer.Dispose();
}
