namespace Strata.Streaming.Inspection;

/// <summary>A topic as it is on a broker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">Its partitions.</param>
/// <param name="Replicas">Replicas of the partition that has the fewest.</param>
/// <param name="InSync">Replicas in step with their leader, of the partition that has the fewest.</param>
/// <param name="Leaderless">Partitions that nobody leads: they take and give nothing.</param>
/// <param name="Settings">Its settings by the broker's names; empty where they may not be read.</param>
public sealed record InspectedTopic(
    string Name, int Partitions, int Replicas, int InSync, int Leaderless, IReadOnlyDictionary<string, string> Settings);

/// <summary>A broker's cluster.</summary>
/// <param name="Brokers">Brokers that are up.</param>
/// <param name="Topics">Its topics by name.</param>
public sealed record InspectedCluster(int Brokers, IReadOnlyDictionary<string, InspectedTopic> Topics);

/// <summary>A topic as Strata makes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">Its partitions.</param>
/// <param name="Settings">What it is made with, by the broker's names.</param>
public sealed record PlannedTopic(string Name, int Partitions, IReadOnlyDictionary<string, string> Settings);

/// <summary>How far a group is in a partition.</summary>
/// <param name="Group">The group.</param>
/// <param name="Members">Its members, of all topics.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Committed">Offset of the first record that is not done.</param>
/// <param name="End">Offset behind the last record that readers of committed ones see.</param>
/// <param name="Oldest">
/// When the first record that is not done arrived; null: between the two offsets lie marks of transactions only, or nothing.
/// </param>
public sealed record GroupPosition(
    string Group, int Members, string Topic, int Partition, long Committed, long End, DateTimeOffset? Oldest)
{
    /// <summary>Records that wait; a mark of a transaction among them counts as one.</summary>
    public long Lag => Oldest is null ? 0 : End - Committed;
}
