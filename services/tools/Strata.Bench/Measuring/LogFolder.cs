namespace Strata.Bench.Measuring;

/// <summary>Bytes of topics in a broker's folder: of what producers wrote, indexes apart.</summary>
internal static class LogFolder
{
    /// <summary>By topic, all its partitions in every folder below; empty where there is no folder.</summary>
    public static IReadOnlyDictionary<string, long> Read(string? folder)
        => folder is null
            ? new Dictionary<string, long>()
            : Directory.EnumerateFiles(folder, "*.log", SearchOption.AllDirectories)
                .Select(file => (Topic: TopicOf(Path.GetFileName(Path.GetDirectoryName(file)!)), new FileInfo(file).Length))
                .Where(file => file.Topic is not null)
                .GroupBy(file => file.Topic!, file => file.Length, StringComparer.Ordinal)
                .ToDictionary(topic => topic.Key, topic => topic.Sum(), StringComparer.Ordinal);

    /// <summary>The topic of a partition's folder, <c>strata.events.v1-3</c>; null where it is none.</summary>
    public static string? TopicOf(string folder)
        => folder.LastIndexOf('-') is var dash and > 0 && int.TryParse(folder.AsSpan(dash + 1), out _) ? folder[..dash] : null;

    /// <summary>What topics grew by, the largest first.</summary>
    public static IReadOnlyList<TopicCost> Between(
        IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after, long done)
        =>
        [
            .. after.Select(topic => (topic.Key, Bytes: topic.Value - before.GetValueOrDefault(topic.Key)))
                .Where(topic => topic.Bytes > 0)
                .OrderByDescending(topic => topic.Bytes)
                .Select(topic => new TopicCost(topic.Key, topic.Bytes, done > 0 ? (double)topic.Bytes / done : null)),
        ];
}
