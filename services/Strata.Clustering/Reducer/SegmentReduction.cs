using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using LayerDelta = Strata.Clustering.Layers.LayerDelta;

namespace Strata.Clustering.Reducer;

/// <summary>
/// Keeps the segments beside the layers, from the same deltas, and publishes them every so often: one record on strata.layers.v1 that says
/// up to which delta it is. Whoever goes on from it reads the deltas behind that again.
/// </summary>
internal sealed class SegmentReduction(SegmentsOptions options, ReducerMetrics metrics, TimeProvider clock)
{
    private const int LayersPartition = 0;

    private readonly SegmentStream _stream = new(options);
    private SegmentSet? _read;
    private bool _changed;
    private long? _publishedAt;

    /// <summary>Takes a record of strata.layers.v1: the newest that can be read counts.</summary>
    public void Read(StreamRecord record)
    {
        if (record.Key == LayerSetCodec.SegmentsKey && record.TryParse(SegmentSet.Parser, out var segments, out _))
        {
            _read = segments;
        }
    }

    /// <summary>Goes on from what was read, beside these layers; offset of the first delta that it wants.</summary>
    public long Restore(LayerSet layers, long next)
    {
        if (_read is { } published)
        {
            _stream.Restore(published, layers);
        }

        _read = null;
        return _stream.From(next);
    }

    /// <summary>Absorbs what a delta says of users, where there are layers.</summary>
    public void Absorb(long offset, LayerDelta delta, LayerSet? layers)
        => _changed |= layers is not null && _stream.Absorb(offset, delta, layers);

    /// <summary>Sends the segments when they changed and it is time; true when it did.</summary>
    public bool PublishIfDue(PartitionOutput output)
    {
        if (!_changed || _stream.Set is not { } set
            || (_publishedAt is { } before && clock.GetElapsedTime(before) < options.PublishEvery))
        {
            return false;
        }

        output.Send(Topics.Layers, LayerSetCodec.SegmentsKey, _stream.ToMessage(), clock.GetUtcNow(), LayersPartition);
        metrics.Segments(set.Count, _stream.Users);
        (_changed, _publishedAt) = (false, clock.GetTimestamp());
        return true;
    }
}
