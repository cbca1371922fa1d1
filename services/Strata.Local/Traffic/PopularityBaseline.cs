namespace Strata.Local.Traffic;

/// <summary>The recommender to beat: the most touched items so far that the user has not touched.</summary>
internal sealed class PopularityBaseline
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _touched = new(StringComparer.Ordinal);

    public int Users => _touched.Count;

    /// <summary>True when the user never touched the item.</summary>
    public bool IsNew(string userId, string itemId) => !_touched.TryGetValue(userId, out var touched) || !touched.Contains(itemId);

    /// <summary>Top list for a user, best first; ties by item id.</summary>
    public IReadOnlyList<string> Top(string userId, int count)
        => [.. _counts.Where(pair => IsNew(userId, pair.Key))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(count).Select(pair => pair.Key)];

    public void Count(string userId, string itemId)
    {
        _counts[itemId] = _counts.GetValueOrDefault(itemId) + 1;
        if (!_touched.TryGetValue(userId, out var touched))
        {
            _touched[userId] = touched = new HashSet<string>(StringComparer.Ordinal);
        }

        touched.Add(itemId);
    }
}
