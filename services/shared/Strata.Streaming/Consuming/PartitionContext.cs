namespace Strata.Streaming.Consuming;

/// <summary>Which partition a handler handles, and from where.</summary>
/// <param name="Group">Consumer group.</param>
/// <param name="Partition">Partition number; the same for all topics of a co-partitioned consumer.</param>
/// <param name="Logs">Identity of each topic's partition log: another broker or a recreated topic has another one.</param>
/// <param name="Committed">The group's committed next offset by topic; 0 where there is none.</param>
public sealed record PartitionContext(
    string Group,
    int Partition,
    IReadOnlyDictionary<string, ulong> Logs,
    IReadOnlyDictionary<string, long> Committed)
{
    /// <summary>By topic, the offset that a former handler of this process asked to go back to; empty mostly.</summary>
    public IReadOnlyDictionary<string, long> Rewound { get; init; } = new Dictionary<string, long>();
}
