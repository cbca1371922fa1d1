using Strata.Clustering.Catalogue;
using Strata.Clustering.Groups;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Naming;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Clustering.Reducer;

/// <summary>
/// Reduces strata.layer-deltas.v1 partition 0 to strata.layers.v1. Exactly once: positions of the workers' partitions travel in the marker
/// with the sums, and the marker is committed in one transaction with this consumer's offset. That topic is the only state: a new owner
/// restores it and reads the deltas again that the reservoir has points of, for these only.
/// </summary>
internal sealed class LayerReducerHandler(
    PartitionContext context,
    IPartitionReader reader,
    ItemTable catalogue,
    TitleBook titles,
    LayersOptions layersOptions,
    ReducerOptions options,
    GroupsOptions groups,
    SegmentsOptions segmentsOptions,
    ReducerMetrics metrics,
    TimeProvider clock,
    ILogger<LayerReducerHandler> logger) : IPartitionHandler
{
    private readonly LayerNames _names = new(catalogue, titles, options, groups, metrics, clock);
    private readonly CatalogueSeeding _seeding = new(catalogue, layersOptions, options, clock, logger);
    private readonly SegmentReduction _segments = new(segmentsOptions, metrics, clock);
    private readonly HashSet<uint> _renamed = [];
    private readonly bool _rewound = context.Rewound.ContainsKey(Topics.LayerDeltas);
    private long _next = context.Committed.GetValueOrDefault(Topics.LayerDeltas);
    private long _handed = context.Committed.GetValueOrDefault(Topics.LayerDeltas);
    private LayerPublication _publication = new(options.AllLayersEvery, null);
    private LayerStream? _stream;
    private LayerSet? _published;

    public async ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
    {
        var assembler = new LayerSetAssembler();
        await foreach (var record in reader.ReadToEndAsync(Topics.Layers, 0, cancellationToken))
        {
            assembler.Add(record);
            _segments.Read(record);
        }

        if (assembler.Newest is not { } set)
        {
            logger.NoSet();
            return new Dictionary<string, long>();
        }

        logger.Restored(set.Version, set.Count);
        _names.Recall(set);
        _stream = new LayerStream(set, layersOptions);
        // What moves is judged on the catalogue too, and moves are to be the same whoever makes them.
        await catalogue.WhenCaughtUp.WaitAsync(cancellationToken);
        _seeding.Show(_stream);
        (_publication, _published) = (new LayerPublication(options.AllLayersEvery, set), set);
        return new Dictionary<string, long>
        {
            [Topics.LayerDeltas] = Math.Min(_segments.Restore(set, _next), Math.Min(_next, set.SamplesFrom ?? _next)),
        };
    }

    public ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        foreach (var record in batch)
        {
            if (!LayerCommandCodec.TryRead(record, out var delta, out var command, out var reason))
            {
                output.DeadLetter(record, reason);
            }
            else if (delta is not null)
            {
                var taken = LayerDeltaCodec.FromMessage(delta);
                Take(record, taken, output);
                _segments.Absorb(record.Offset, taken, _stream?.Set);
            }
            else if (record.Offset >= _next)
            {
                Answer(LayerCommandCodec.MoveOf(command!));
            }
        }

        _handed = batch[^1].Offset + 1;
        if (_handed > _next)
        {
            _next = _handed;
            NameIfDue();
            Publish(output);
            _segments.PublishIfDue(output);
            output.Commit(Topics.LayerDeltas, _next);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask IdleAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        NameIfDue();
        if (Publish(output) | _segments.PublishIfDue(output))
        {
            // While the last deltas are read again, that is all that may be committed; the group's position stays where it was.
            output.Commit(Topics.LayerDeltas, _handed);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Take(StreamRecord record, LayerDelta delta, PartitionOutput output)
    {
        // Vectors of another space than their seeding's were made by no worker of ours.
        if (_stream is { } stream && delta.Seeding == stream.Set.Seeding && !delta.HasDimensions(stream.Set.Dimensions))
        {
            if (record.Offset >= _next)
            {
                output.DeadLetter(record, $"its vectors are not of the {stream.Set.Dimensions} dimensions that the layers have");
            }
        }
        else if (record.Offset < _next && !_rewound)
        {
            // Read before, for the samples.
            _stream?.Recall(record.Offset, delta);
        }
        else
        {
            // After a gap also for what the set lacks.
            Absorb(record.Offset, delta);
        }
    }

    private void Absorb(long offset, LayerDelta delta)
    {
        if (_stream is null)
        {
            // Assigned by a set that the log no longer holds: its space is gone.
            Dropped(delta, LayerDeltaOutcome.Foreign);
            return;
        }

        var (outcome, moves) = Absorb(_stream, offset, delta);
        if (outcome != LayerDeltaOutcome.Applied)
        {
            Dropped(delta, outcome);
            return;
        }

        metrics.Delta(outcome, delta.Points);
        metrics.Moves(moves.Count);
        moves.ToList().ForEach(logger.Moved);
    }

    private void Answer(RequestedMove? request)
    {
        if (request is null)
        {
            SeedIfDue();
        }
        else
        {
            Make(request);
        }
    }

    /// <summary>A gap: the set is older than the position, the log is read again. The same gap again: the log has forgotten it.</summary>
    private (LayerDeltaOutcome Outcome, IReadOnlyList<LayerMove> Moves) Absorb(LayerStream stream, long offset, LayerDelta delta)
    {
        try
        {
            return stream.Absorb(offset, delta);
        }
        catch (LayerDeltaGapException gap) when (!_rewound)
        {
            throw new RewindException(Topics.LayerDeltas, 0, gap.Message, gap);
        }
        catch (LayerDeltaGapException gap)
        {
            logger.Lost(gap.Message);
            return stream.Absorb(offset, delta, acrossGaps: true);
        }
    }

    private void Make(RequestedMove request)
    {
        var (move, refusal) = _stream?.Make(request) ?? default;
        if (move is not null)
        {
            Rename();
            metrics.Moves(1);
            logger.Moved(move);
        }
        else
        {
            logger.Refused(request, refusal ?? "there is no layer set yet");
        }
    }

    private void Dropped(LayerDelta delta, LayerDeltaOutcome outcome)
    {
        metrics.Delta(outcome, delta.Points);
        logger.Dropped(delta.From, delta.To, delta.Partition, outcome);
    }

    private void SeedIfDue()
    {
        if (_seeding.Seed(_stream?.Set) is not { } set)
        {
            return;
        }

        _stream ??= new LayerStream(set, layersOptions);
        _stream.Reseed(set);
        _seeding.Show(_stream);
        Rename();
        metrics.Seeding();
    }

    private void NameIfDue()
    {
        if (_stream is { } stream && _names.IsDue(stream.Set))
        {
            Rename();
        }
    }

    private void Rename() => _renamed.UnionWith(_names.Refresh(_stream!));

    private bool Publish(PartitionOutput output)
    {
        if (_stream is not { } stream || ReferenceEquals(stream.Set, _published))
        {
            return false;
        }

        metrics.Published(stream.Set, _publication.Send(stream.Set, _renamed, output, clock.GetUtcNow()));
        _published = stream.Set;
        _renamed.Clear();
        return true;
    }
}
