namespace Strata.Streaming.Consuming.Partitions;

/// <summary>Where a partition goes on.</summary>
internal static class StartPositions
{
    /// <summary>
    /// The smaller of what the group committed and what the handler's state has absorbed, by topic: state that is older than the group
    /// reads again, state that is newer is not believed over the group. A rewind goes back further. Null: neither knows, the log is read
    /// from its beginning.
    /// </summary>
    public static IReadOnlyDictionary<string, long?> Of(
        IReadOnlyList<string> topics,
        IReadOnlyDictionary<string, long> committed,
        IReadOnlyDictionary<string, long> absorbed,
        IReadOnlyDictionary<string, long> rewound)
    {
        if (absorbed.Keys.FirstOrDefault(topic => !topics.Contains(topic)) is { } foreign)
        {
            throw new InvalidOperationException($"The handler answers a position in {foreign}, which its consumer does not read");
        }

        return topics.ToDictionary(
            topic => topic,
            topic => committed.TryGetValue(topic, out var group)
                ? Math.Min(Math.Min(group, Math.Max(absorbed.GetValueOrDefault(topic, group), 0)), rewound.GetValueOrDefault(topic, group))
                : (long?)null,
            StringComparer.Ordinal);
    }
}
