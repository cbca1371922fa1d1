using Strata.Streaming.Topology;

namespace Strata.Streaming.Consuming.Partitions;

/// <summary>Makes the handlers of one consumer.</summary>
/// <param name="group">Consumer group.</param>
/// <param name="topics">Topics, co-partitioned when there are several.</param>
/// <param name="broker">Knows the identities of their logs.</param>
/// <param name="create">Makes the handler of one partition number.</param>
internal sealed class PartitionHandlers(
    string group, IReadOnlyList<string> topics, ITopics broker, Func<PartitionContext, IPartitionHandler> create)
{
    public IReadOnlyList<string> Topics => topics;

    public async Task<IPartitionHandler> MakeAsync(
        int number,
        IReadOnlyDictionary<string, long> committed,
        IReadOnlyDictionary<string, long> rewound,
        CancellationToken cancellationToken)
    {
        var logs = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            logs[topic] = await broker.LogAsync(topic, number, cancellationToken);
        }

        return create(new PartitionContext(
            group, number, logs, topics.ToDictionary(topic => topic, topic => committed.GetValueOrDefault(topic), StringComparer.Ordinal))
        {
            Rewound = rewound,
        });
    }
}
