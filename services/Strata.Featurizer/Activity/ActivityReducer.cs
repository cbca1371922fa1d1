using System.Globalization;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Featurizer.Activity.Core;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Featurizer.Activity;

/// <summary>
/// Owns the activity of one item partition. Its only state is the partition of strata.item-activity.v1 that it publishes; items, marker and
/// positions are committed together. Follows the item features beside the deltas for their tombstones: a deleted item loses its activity.
/// </summary>
internal sealed class ActivityReducer(
    PartitionContext context,
    IPartitionReader reader,
    TimeProvider time,
    IOptions<ActivityOptions> options,
    ActivityMetrics metrics,
    ILogger<ActivityReducer> logger)
    : IPartitionHandler
{
    private readonly ActivityState _state = new(options.Value, context.Partition);
    private readonly string _markerKey = string.Create(CultureInfo.InvariantCulture, $"{Keys.ActivityMarkerPrefix}{context.Partition}");
    private readonly Dictionary<string, long> _positions = [];
    private readonly List<string> _removed = [];
    private DateTimeOffset _recordTime;
    private long _published;

    public async ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
    {
        await foreach (var record in reader.ReadToEndAsync(Topics.ItemActivity, context.Partition, cancellationToken))
        {
            Restore(record);
        }

        logger.Restored(context.Partition, _state.Items);
        return new Dictionary<string, long>();
    }

    public ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        foreach (var record in batch)
        {
            Apply(record, output);
            _positions[record.Topic] = record.Offset + 1;
            _recordTime = record.Timestamp;
        }

        PublishIfDue(output);
        return ValueTask.CompletedTask;
    }

    public ValueTask IdleAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        PublishIfDue(output);
        return ValueTask.CompletedTask;
    }

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        Publish(output);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Restore(StreamRecord record)
    {
        if (record.Key is null)
        {
            record.Skip("the record has no key");
            return;
        }

        if (record.Value is null)
        {
            _state.Remove(record.Key);
        }
        else if (record.Key == _markerKey)
        {
            if (record.TryParse(ActivityMarker.Parser, out var marker, out var fault))
            {
                _state.Restore(marker);
            }
            else
            {
                record.Skip(fault);
            }
        }
        else if (record.TryParse(ItemActivity.Parser, out var item, out var reason) && item.ItemId == record.Key)
        {
            _state.Restore(item);
        }
        else
        {
            record.Skip(reason ?? "the message's item is not the record's key");
        }
    }

    private void Apply(StreamRecord record, PartitionOutput output)
    {
        if (record.Topic == Topics.ItemFeatures)
        {
            if (record is { Value: null, Key: { } itemId } && _state.Remove(itemId))
            {
                _removed.Add(itemId);
            }
        }
        else if (!record.TryParse(ActivityDelta.Parser, out var delta, out var reason))
        {
            Dead(record, reason, output);
        }
        else if (delta.ItemPartition != context.Partition)
        {
            Dead(record, "the delta belongs to another item partition", output);
        }
        else
        {
            var outcome = Absorb(delta);
            metrics.Delta(outcome);
            if (outcome != ActivityDeltaOutcome.Applied)
            {
                logger.SeenBefore(outcome, delta.From, delta.To, delta.EventsPartition);
            }
        }
    }

    private void Dead(StreamRecord record, string reason, PartitionOutput output)
    {
        // Below the committed position the letter was sent.
        if (record.Offset >= context.Committed.GetValueOrDefault(record.Topic))
        {
            output.DeadLetter(record, reason);
        }
    }

    /// <summary>
    /// A gap says that the state is older than the position: what it lacks is read again, and what it holds is known. Where even the
    /// oldest delta of the log begins behind the gap, the log has forgotten the events between, and waiting brings nothing.
    /// </summary>
    private ActivityDeltaOutcome Absorb(ActivityDelta delta)
    {
        try
        {
            return _state.Apply(delta);
        }
        catch (ActivityGapException gap) when (!context.Rewound.ContainsKey(Topics.ActivityDeltas))
        {
            throw new RewindException(Topics.ActivityDeltas, 0, gap.Message, gap);
        }
        catch (ActivityGapException gap)
        {
            logger.Lost(gap.Message);
            return _state.Apply(delta, acrossGaps: true);
        }
    }

    private void PublishIfDue(PartitionOutput output)
    {
        if (time.GetElapsedTime(_published) >= options.Value.PublishInterval)
        {
            Publish(output);
        }
    }

    private void Publish(PartitionOutput output)
    {
        if (_positions.Count == 0)
        {
            return;
        }

        // Tombstones first: an item that was touched again after its removal is alive again.
        foreach (var itemId in _removed)
        {
            output.Send(Topics.ItemActivity, itemId, null, _recordTime, context.Partition);
        }

        _removed.Clear();
        if (_state.Dirty)
        {
            var changed = _state.TakeChanged();
            foreach (var item in changed)
            {
                output.Send(
                    Topics.ItemActivity, item.ItemId, item, DateTimeOffset.FromUnixTimeMilliseconds(item.AsOfUnixMs), context.Partition);
            }

            output.Send(Topics.ItemActivity, _markerKey, _state.Marker(), _recordTime, context.Partition);
            metrics.Published(changed.Count);
        }

        foreach (var (topic, next) in _positions)
        {
            output.Commit(topic, next);
        }

        _positions.Clear();
        _published = time.GetTimestamp();
        metrics.Items(context.Partition, _state.Items);
    }
}
