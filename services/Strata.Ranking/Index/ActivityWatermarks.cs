using System.Collections.Concurrent;
using Strata.Contracts.Activity.V1;
using Strata.Ranking.Shadow;

namespace Strata.Ranking.Index;

/// <summary>How far the item activity in memory has absorbed strata.events.v1, by the markers of its partitions.</summary>
public sealed class ActivityWatermarks : IActivityWatermark
{
    private readonly ConcurrentDictionary<int, ActivityMarker> _markers = new();

    /// <summary>Takes a marker. The activity that it vouches for was applied before.</summary>
    public void Put(ActivityMarker marker)
    {
        ArgumentNullException.ThrowIfNull(marker);
        _markers[marker.ItemPartition] = marker;
    }

    /// <summary>Every item partition seen so far has absorbed the event at <paramref name="offset"/>. False before any marker.</summary>
    public bool AbsorbedAll(int eventsPartition, long offset)
        => !_markers.IsEmpty && _markers.All(marker => Next(marker.Value, eventsPartition) > offset);

    /// <summary>No item partition has absorbed the event at <paramref name="offset"/>: a state that can be tested on it.</summary>
    public bool AbsorbedNone(int eventsPartition, long offset)
        => _markers.All(marker => Next(marker.Value, eventsPartition) <= offset);

    /// <inheritdoc/>
    public bool HasAbsorbed(int eventsPartition, long offset) => !AbsorbedNone(eventsPartition, offset);

    private static long Next(ActivityMarker marker, int eventsPartition)
    {
        foreach (var position in marker.Positions)
        {
            if (position.EventsPartition == eventsPartition)
            {
                return position.Next;
            }
        }

        return 0;
    }
}
