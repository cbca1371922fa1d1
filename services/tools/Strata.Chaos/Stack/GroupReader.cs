using Confluent.Kafka;
using Strata.Contracts;

namespace Strata.Chaos.Stack;

/// <summary>
/// Reads what a consumer group has committed, as one who knows its name and is no member. The admin client's questions about groups are not
/// safe: one that is answered with an error, or too late, can end the process.
/// </summary>
internal sealed class GroupReader : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(3);

    private static readonly TopicPartition[] Everything =
    [
        .. Topics.All.SelectMany(topic => Enumerable.Range(0, topic.Partitions).Select(number => new TopicPartition(topic.Name, number))),
    ];

    private readonly IConsumer<byte[]?, byte[]?> _consumer;

    public GroupReader(string bootstrapServers, string group) => _consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
    {
        BootstrapServers = bootstrapServers,
        GroupId = group,
        EnableAutoCommit = false,
        IsolationLevel = IsolationLevel.ReadUncommitted,
        SocketTimeoutMs = (int)Answer.TotalMilliseconds,
        ReconnectBackoffMaxMs = 500,
    }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    /// <summary>Positions of the partitions of our topics that have one.</summary>
    /// <exception cref="KafkaException">The group's coordinator does not answer, or has not loaded the group.</exception>
    public Task<Dictionary<TopicPartition, long>> ReadAsync()
        => Task.Run(() => _consumer.Committed(Everything, Answer).Where(position => position.Offset.Value >= 0)
            .ToDictionary(position => position.TopicPartition, position => position.Offset.Value));

    public void Dispose() => _consumer.Dispose();
}
