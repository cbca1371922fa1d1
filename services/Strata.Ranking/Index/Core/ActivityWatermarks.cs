using System.Collections.Concurrent;
using Strata.Contracts.Activity.V1;

namespace Strata.Ranking.Index.Core;

/// <summary>
/// How far the item activity in memory has absorbed strata.events.v1, by the markers of its partitions. Applying takes a while and
/// readers look on, so a marker is announced before the activity that it vouches for is applied: it says what may be there.
/// </summary>
public sealed class ActivityWatermarks
{
    private readonly ConcurrentDictionary<int, ActivityMarker> _announced = new();

    /// <summary>Says that the activity that a marker vouches for is about to be applied.</summary>
    public void Announce(ActivityMarker marker)
    {
        ArgumentNullException.ThrowIfNull(marker);
        _announced[marker.ItemPartition] = marker;
    }

    /// <summary>
    /// No item partition has absorbed the event at <paramref name="offset"/>, nor begun to: a state that can be tested on it.
    /// </summary>
    public bool AbsorbedNone(int eventsPartition, long offset)
        => _announced.All(marker => Next(marker.Value, eventsPartition) <= offset);

    /// <summary>First event that some item partition has not absorbed, nor begun to; 0 before any marker.</summary>
    public long FirstOpen(int eventsPartition)
        => _announced.IsEmpty ? 0 : _announced.Min(marker => Next(marker.Value, eventsPartition));

    private static long Next(ActivityMarker marker, int eventsPartition)
        => marker.Positions.FirstOrDefault(position => position.EventsPartition == eventsPartition)?.Next ?? 0;
}
