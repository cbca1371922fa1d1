using System.Globalization;
using Confluent.Kafka.Admin;
using Strata.Contracts;

namespace Strata.Streaming.Topology;

/// <summary>How each topic is made on a real broker.</summary>
internal static class TopicSettings
{
    /// <summary>All topics of Strata, their dead letters, and the events in quarantine, kept as long as is said.</summary>
    public static IReadOnlyList<TopicSpecification> All(RetentionOptions said) =>
    [
        .. Topics.All.Append(Topics.Quarantine)
            .Concat(Topics.All.Select(topic => new TopicSpec(topic.DeadLetters, 1, Topics.DeadLetterRetention)))
            .Select(topic => Of(topic with { Retention = said.Of(topic.Name) ?? topic.Retention })),
    ];

    public static TopicSpecification Of(TopicSpec topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var configs = new Dictionary<string, string>
        {
            // Deletion and compaction go by the time of arrival; the record's own time travels in a header.
            ["message.timestamp.type"] = "LogAppendTime",
        };
        if (topic.Retention is { } retention)
        {
            configs["cleanup.policy"] = "delete";
            configs["retention.ms"] = Milliseconds(retention);
            configs["segment.ms"] = Milliseconds(retention / 4); // a segment goes as a whole, once its last record is old enough
        }
        else
        {
            // The open segment is never compacted: small ones keep what every reader must read at start near the number of live keys, and
            // let a deleted user go within a day.
            configs["cleanup.policy"] = "compact";
            configs["segment.bytes"] = (64 << 20).ToString(CultureInfo.InvariantCulture);
            configs["segment.ms"] = Milliseconds(TimeSpan.FromHours(6));
            configs["min.cleanable.dirty.ratio"] = "0.2";
            configs["max.compaction.lag.ms"] = Milliseconds(TimeSpan.FromDays(1));
        }

        return new TopicSpecification { Name = topic.Name, NumPartitions = topic.Partitions, ReplicationFactor = -1, Configs = configs };
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
