using Strata.Clustering.Layers;

namespace Strata.Clustering.Points.Core;

/// <summary>
/// The deltas that a partition has sent and the newest set does not hold yet: each is a version that this worker's set is behind its own
/// points.
/// </summary>
internal sealed class UnderWay(int partition, ulong log, int limit)
{
    // Where they end, oldest first.
    private readonly Queue<long> _sent = new();

    public void Sent(LayerDelta delta) => _sent.Enqueue(delta.To);

    /// <summary>True when few enough are under way, given what <paramref name="set"/> holds.</summary>
    public bool IsWithinLimit(LayerSet set)
    {
        var held = set.Positions.TryGetValue(partition, out var position) && position.Log == log ? position.Next : 0;
        while (_sent.TryPeek(out var oldest) && oldest <= held)
        {
            _sent.Dequeue();
        }

        return _sent.Count <= limit;
    }
}
