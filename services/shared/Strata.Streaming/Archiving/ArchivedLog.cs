namespace Strata.Streaming.Archiving;

/// <summary>A partition of a topic, as far as it is copied.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Log">Identity of its log, as fences name it.</param>
/// <param name="Begin">First offset that is there.</param>
/// <param name="End">Offset behind the last record that is copied.</param>
public sealed record ArchivedLog(string Topic, int Partition, ulong Log, long Begin, long End);

/// <summary>How far a consumer group is.</summary>
/// <param name="Group">The group.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Next">Offset of the first record that is not done.</param>
public sealed record ArchivedPosition(string Group, string Topic, int Partition, long Next);
