namespace Strata.Streaming.Consuming.Partitions;

/// <summary>Where a partition goes on.</summary>
internal static class StartPositions
{
    /// <summary>
    /// The smaller of what the group committed and what the handler's state has absorbed, by topic: state that is older than the group
    /// reads again, state that is newer is not believed over the group. Null: neither knows, the log is read from its beginning.
    /// </summary>
    public static IReadOnlyDictionary<string, long?> Of(
        IReadOnlyList<string> topics, IReadOnlyDictionary<string, long> committed, IReadOnlyDictionary<string, long> absorbed)
    {
        if (absorbed.Keys.FirstOrDefault(topic => !topics.Contains(topic)) is { } foreign)
        {
            throw new InvalidOperationException($"The handler answers a position in {foreign}, which its consumer does not read");
        }

        return topics.ToDictionary(
            topic => topic,
            topic => committed.TryGetValue(topic, out var group)
                ? absorbed.TryGetValue(topic, out var state) ? Math.Min(group, Math.Max(state, 0)) : group
                : (long?)null,
            StringComparer.Ordinal);
    }
}
