using Confluent.Kafka;

namespace Strata.Streaming.Inspection;

/// <summary>Looks at the records that groups have not done yet: how long the first of each has waited.</summary>
internal sealed class FirstRecords(IReadOnlyDictionary<string, string> client)
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// When the first record at or behind each position arrived. Positions with marks of transactions alone behind them have none; those
    /// that the broker does not show in time are left out too.
    /// </summary>
    public IReadOnlyDictionary<TopicPartitionOffset, DateTimeOffset> TimesAt(
        IReadOnlyCollection<TopicPartitionOffset> positions, CancellationToken cancellationToken)
    {
        var times = new Dictionary<TopicPartitionOffset, DateTimeOffset>();

        // Two groups may stand at two places of a partition, and a consumer at one only.
        var rounds = positions.GroupBy(position => position.TopicPartition)
            .SelectMany(places => places.Select((position, turn) => (position, turn)))
            .ToLookup(entry => entry.turn, entry => entry.position);
        foreach (var round in rounds)
        {
            Read([.. round], times, cancellationToken);
        }

        return times;
    }

    private void Read(
        List<TopicPartitionOffset> positions, Dictionary<TopicPartitionOffset, DateTimeOffset> times, CancellationToken cancellationToken)
    {
        var open = positions.ToDictionary(position => position.TopicPartition);
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(InspectionReading.Settings(client))
            .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        consumer.Assign(positions);
        var start = TimeProvider.System.GetTimestamp();
        while (open.Count > 0 && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (consumer.Consume(Wait) is not { } result || !open.Remove(result.TopicPartition, out var position))
            {
                continue;
            }

            if (!result.IsPartitionEOF)
            {
                times[position] = new DateTimeOffset(result.Message.Timestamp.UtcDateTime);
            }

            consumer.Pause([result.TopicPartition]);
        }
    }
}
