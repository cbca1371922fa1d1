using Strata.ServiceDefaults.State;

namespace Strata.Cli.Backups.Core;

/// <summary>A log that was written anew.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Old">Identity that it had.</param>
/// <param name="New">Identity that it has now.</param>
/// <param name="Offsets">Where its records went.</param>
internal sealed record MovedLog(string Topic, int Partition, ulong Old, ulong New, OffsetMap Offsets);

/// <summary>Says of each place in an old log where it is in the new one. What is said of logs that were not moved stays.</summary>
internal sealed class LogMoves(IReadOnlyCollection<MovedLog> logs)
{
    private readonly Dictionary<ulong, MovedLog> _byLog = logs.ToDictionary(log => log.Old);

    private readonly Dictionary<(string Topic, int Partition), MovedLog> _byPlace = logs.ToDictionary(log => (log.Topic, log.Partition));

    /// <summary>The log of that identity; null: it was not moved.</summary>
    public MovedLog? Of(ulong log) => _byLog.GetValueOrDefault(log);

    public Fence Move(Fence fence) => Of(fence.Log) is { } moved ? new Fence(moved.New, moved.Offsets.Below(fence.Next)) : fence;

    public (ulong Log, long Next) Move(ulong log, long next)
    {
        var fence = Move(new Fence(log, next));
        return (fence.Log, fence.Next);
    }

    /// <summary>An offset in a partition of a topic.</summary>
    public long Move(string topic, int partition, long offset)
        => _byPlace.TryGetValue((topic, partition), out var moved) ? moved.Offsets.Below(offset) : offset;
}
