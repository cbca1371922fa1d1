using Strata.Streaming.Topology;

namespace Strata.Featurizer.Tests.Doubles;

/// <summary>A broker with the same number of partitions on every topic.</summary>
internal sealed class FixedTopics(int partitions) : ITopics
{
    public const ulong Log = 77;

    public ValueTask<int> PartitionsAsync(string topic, CancellationToken cancellationToken) => ValueTask.FromResult(partitions);

    public ValueTask<ulong> LogAsync(string topic, int partition, CancellationToken cancellationToken) => ValueTask.FromResult(Log);
}
