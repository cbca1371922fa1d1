using Strata.Contracts.Policy.V1;

namespace Strata.Optimizer.Learning.Core;

/// <summary>
/// Versions to go back to: the first, and then one in each interval, in a ring of places beside the newest on the compacted topic.
/// </summary>
internal sealed class KeptVersions(LearningOptions options)
{
    private readonly SortedDictionary<int, Policy> _places = [];

    /// <summary>Takes what lies in a place; null: nothing does.</summary>
    public void Take(int place, Policy? policy)
    {
        _places.Remove(place);
        if (policy is not null)
        {
            _places[place] = policy;
        }
    }

    /// <summary>The place for a version that is to be kept, the oldest one's or a free one; null: it is too soon.</summary>
    public int? PlaceFor(Policy policy)
    {
        var newest = _places.Count == 0 ? (long?)null : _places.Values.Max(kept => kept.PublishedUnixMs);
        if (policy.PublishedUnixMs - newest < options.KeepInterval.TotalMilliseconds)
        {
            return null;
        }

        var free = Enumerable.Range(0, options.VersionsKept).Where(place => !_places.ContainsKey(place)).Cast<int?>().FirstOrDefault();
        return free ?? _places.Where(kept => kept.Key < options.VersionsKept).MinBy(kept => kept.Value.Version).Key;
    }

    /// <summary>A version, as it was published; null: it is not kept.</summary>
    public Policy? Find(ulong version) => _places.Values.FirstOrDefault(kept => kept.Version == version);
}
