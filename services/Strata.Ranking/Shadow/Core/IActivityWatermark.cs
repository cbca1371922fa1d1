namespace Strata.Ranking.Shadow.Core;

/// <summary>How far the item activity in memory has absorbed the events.</summary>
public interface IActivityWatermark
{
    /// <summary>
    /// True when the activity of any item partition holds the event, or may hold it. Each item partition absorbs on its own, and one
    /// click changes items of several, so only a no of all of them proves that a score does not know the event yet.
    /// </summary>
    bool HasAbsorbed(int eventsPartition, long offset);

    /// <summary>Offset of the first event that the activity of some item partition does not hold yet.</summary>
    long FirstOpen(int eventsPartition);
}
