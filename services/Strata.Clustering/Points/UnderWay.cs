using Strata.Clustering.Layers;

namespace Strata.Clustering.Points;

/// <summary>What a partition has sent and the newest set does not hold yet: how far this worker's set lags behind its own points.</summary>
internal sealed class UnderWay(int partition, ulong log, long limit)
{
    private readonly Queue<(long To, int Points)> _sent = new();

    public void Sent(LayerDelta delta) => _sent.Enqueue((delta.To, (int)delta.Points));

    /// <summary>True when few enough points are under way, given what <paramref name="set"/> holds.</summary>
    public bool IsWithinLimit(LayerSet set)
    {
        var held = set.Positions.TryGetValue(partition, out var position) && position.Log == log ? position.Next : 0;
        while (_sent.TryPeek(out var oldest) && oldest.To <= held)
        {
            _sent.Dequeue();
        }

        return _sent.Sum(delta => (long)delta.Points) <= limit;
    }
}
