using Confluent.Kafka;
using Google.Protobuf;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Inspection;

/// <summary>What an operator's tool writes to topics: acknowledged by all, to the partition that the key gives everywhere.</summary>
public sealed class RecordSender : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(15);

    private readonly IReadOnlyDictionary<string, string> _client;
    private readonly IProducer<string, byte[]> _producer;

    /// <summary>Connects when it sends.</summary>
    /// <param name="client">librdkafka's settings.</param>
    public RecordSender(IReadOnlyDictionary<string, string> client)
    {
        _client = client;
        _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig(new Dictionary<string, string>(client))
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 5,
            Partitioner = Partitioner.Murmur2Random,
            MessageTimeoutMs = (int)Answer.TotalMilliseconds,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <summary>Sends a message; answers where it lies once the broker has acknowledged it.</summary>
    /// <exception cref="TimeoutException">The broker does not take it.</exception>
    public async Task<(int Partition, long Offset)> SendAsync(string topic, string key, IMessage value, DateTimeOffset time)
    {
        try
        {
            var sent = await _producer.ProduceAsync(
                topic, new Message<string, byte[]> { Key = key, Value = value.ToByteArray(), Timestamp = new Timestamp(time) });
            return (sent.Partition.Value, sent.Offset.Value);
        }
        catch (ProduceException<string, byte[]> fault)
        {
            throw new TimeoutException(
                $"The broker at {ClientSettings.AddressIn(_client)} does not take a record for {topic}: {fault.Error.Reason}", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _producer.Dispose();
}
