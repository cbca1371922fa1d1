using Strata.Clustering.Assignment;
using Strata.Clustering.CurrentLayers;
using Strata.Clustering.Interests;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Points.Core;
using Strata.Contracts;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;

namespace Strata.Clustering.Points;

/// <summary>
/// Handles interest points: weights of their users go to the store at once, behind their fences; what they add to the layers is gathered in
/// epochs. Offsets are committed at cuts only, in one transaction with the epoch's delta. After a crash the points since the last cut are
/// read again: the fences keep the weights as they are, and the delta is built anew.
/// </summary>
internal sealed class PointsHandler(
    PartitionContext context,
    LayerTable layers,
    UserStore users,
    PointWeighing weighing,
    PointsOptions options,
    PointsMetrics metrics,
    TimeProvider clock,
    ILogger<PointsHandler> logger) : IPartitionHandler
{
    private const string Topic = Topics.InterestPoints;

    private readonly ulong _log = context.Logs[Topic];
    private readonly UnderWay _underWay = new(context.Partition, context.Logs[Topic], options.StaleEpochs);

    // What is to be sent once the slice's weights are written, in the order of the log.
    private readonly List<Action<PartitionOutput>> _outgoing = [];

    // How much of it lies before the last cut: what comes behind must not leave with a position before it.
    private int _cutAt;
    private Epoch? _epoch;
    private float[] _vectors = [];
    private bool _started;
    private long _nextEpochFrom;

    public async ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
    {
        var held = await users.NextAsync(cancellationToken);
        var committed = context.Committed.GetValueOrDefault(Topic);
        if (held < committed)
        {
            logger.StoreIsBehind(context.Partition, held, committed);
        }

        return new Dictionary<string, long> { [Topic] = held };
    }

    public async ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        for (var at = 0; at < batch.Count;)
        {
            var packed = _epoch is { Points: > 0 } ? _epoch.Packed : await NewestAsync(output, cancellationToken);
            _epoch = _epoch?.By(packed);
            var slice = Slice.Read(batch, at, packed, _epoch, _nextEpochFrom, options, ref _vectors);
            await HandleSliceAsync(slice, packed, cancellationToken);
            if (slice.EndsByTime)
            {
                CutNow(Cut.EventTime);
            }

            Send(output);
            at += slice.Records.Count;
        }

        CutIfLingered(output);
        await weighing.LetGoAsync(Committed(output), cancellationToken);
    }

    public async ValueTask IdleAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        CutIfLingered(output);
        await users.CheckAsync(cancellationToken);
        await weighing.LetGoAsync(Committed(output), cancellationToken);
    }

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        CutNow(Cut.Drain);
        Send(output);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The newest set, once it holds enough of what this partition has sent.</summary>
    private async ValueTask<PackedLayerSet> NewestAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        if (layers.Current is not { } packed || !_underWay.IsWithinLimit(packed.Set))
        {
            if (!_started)
            {
                logger.WaitingForFirstSet(context.Partition);
            }

            var start = clock.GetTimestamp();
            await output.FlushAsync(cancellationToken);
            packed = await layers.WaitAsync(_underWay.IsWithinLimit, cancellationToken);
            metrics.Waited(clock.GetElapsedTime(start));
        }

        if (!_started)
        {
            _started = true;
            // A group that lost its offsets begins again at 0: the layers still know how far they are.
            var held = packed.Set.Positions.TryGetValue(context.Partition, out var position) && position.Log == _log ? position.Next : 0;
            _nextEpochFrom = Math.Max(held, context.Committed.GetValueOrDefault(Topic));
            logger.Started(context.Partition, packed.Set.Version, _nextEpochFrom);
        }

        return packed;
    }

    private async ValueTask HandleSliceAsync(Slice slice, PackedLayerSet packed, CancellationToken cancellationToken)
    {
        if (slice.Records.Count == 0)
        {
            return;
        }

        var known = await users.ReadAsync(slice.UserIds, slice.ForgottenIds, cancellationToken);
        var changed = new Dictionary<string, UserChange>(StringComparer.Ordinal);
        var (held, dead, foreign, cut) = (0, 0, 0, false);
        for (var i = 0; i < slice.Records.Count; i++)
        {
            var (source, point, fault) = slice.Records[i];
            OpenEpochFor(source.Offset, packed);
            if (point is { } read)
            {
                held += weighing.Weigh(
                    read, slice.NearestTo(i), packed.Set, known[read.UserId], changed, _nextEpochFrom, _outgoing) ? 0 : 1;
                if (read.IsNewTo(_nextEpochFrom))
                {
                    _epoch!.Add(read, slice.Centred(i), slice.NearestTo(i));
                    _epoch.AddRow(read, changed.TryGetValue(read.UserId, out var change) ? change.Weights : known[read.UserId].Weights);
                    metrics.Counted();
                }
                else if (read.IsOrder)
                {
                    _epoch?.DropRow(read.UserId);
                }
            }
            else if (fault is not null)
            {
                _outgoing.Add(output => output.DeadLetter(source, fault));
                dead++;
            }
            else
            {
                foreign++;
            }

            _epoch?.Reach(source.Offset + 1);
            cut |= CutIfFull();
        }

        if (cut)
        {
            // The rest of the slice was assigned by the same set: a new epoch is to begin with a newer one.
            CutNow(Cut.Bytes);
        }

        await users.WriteAsync(
            [.. changed.Select(change => (known[change.Key], change.Value))], slice.Records[^1].Source.Offset + 1, cancellationToken);
        metrics.Users(changed.Count);
        metrics.Held(held);
        metrics.Dead(dead);
        metrics.Foreign(foreign);
        metrics.Weighed(slice.Records.Count - dead - foreign - held);
    }

    private long Committed(PartitionOutput output)
        => Math.Max(context.Committed.GetValueOrDefault(Topic), output.Committed(Topic));

    private void OpenEpochFor(long offset, PackedLayerSet packed)
    {
        if (_epoch is null && offset >= _nextEpochFrom)
        {
            _epoch = new Epoch(packed, _nextEpochFrom, clock.GetTimestamp(), options);
        }
    }

    private bool CutIfFull()
    {
        if (_epoch?.Full is not { } cut)
        {
            return false;
        }

        CutNow(cut);
        return true;
    }

    private void CutIfLingered(PartitionOutput output)
    {
        if (_epoch is { } epoch && clock.GetElapsedTime(epoch.OpenedAt) >= options.Linger)
        {
            CutNow(Cut.Linger);
            Send(output);
        }
    }

    /// <summary>Closes the epoch. Its delta goes out even without points: the reducer wants every offset accounted for.</summary>
    private void CutNow(Cut cut)
    {
        if (_epoch is not { } epoch || epoch.To <= epoch.From)
        {
            return;
        }

        var delta = epoch.ToDelta(context.Partition, _log);
        var time = delta.EventTimeUnixMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(delta.EventTimeUnixMs) : clock.GetUtcNow();
        _outgoing.Add(sink =>
        {
            sink.Send(Topics.LayerDeltas, null, LayerDeltaCodec.ToMessage(delta), time, partition: 0);
            sink.Commit(Topic, delta.To);
            _underWay.Sent(delta);
        });
        _cutAt = _outgoing.Count;
        metrics.Epoch(cut);
        _nextEpochFrom = epoch.To;
        _epoch = null;
    }

    private void Send(PartitionOutput output)
    {
        foreach (var send in _outgoing.Take(_cutAt))
        {
            send(output);
        }

        _outgoing.RemoveRange(0, _cutAt);
        _cutAt = 0;
    }
}
