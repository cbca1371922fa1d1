using Confluent.Kafka;

namespace Strata.Streaming.Inspection;

/// <summary>How tools read partitions: outside of any group, committed records only, little at a time.</summary>
internal static class InspectionReading
{
    public static ConsumerConfig Settings(IReadOnlyDictionary<string, string> client) => new(new Dictionary<string, string>(client))
    {
        GroupId = "strata-inspection", // never joined
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        EnablePartitionEof = true,
        IsolationLevel = IsolationLevel.ReadCommitted,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        FetchWaitMaxMs = 100,
        QueuedMaxMessagesKbytes = 4096,
    };
}
