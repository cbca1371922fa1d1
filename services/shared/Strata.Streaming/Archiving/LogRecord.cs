namespace Strata.Streaming.Archiving;

/// <summary>A record as it lies in a log.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Key">Its key; null: it has none.</param>
/// <param name="Value">Its value; null: a tombstone.</param>
/// <param name="Headers">Its headers in their order.</param>
public sealed record LogRecord(
    int Partition, long Offset, byte[]? Key, byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]>> Headers);
