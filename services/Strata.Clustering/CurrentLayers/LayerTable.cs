using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Clustering.CurrentLayers;

/// <summary>
/// Follows strata.layers.v1: the newest whole layer set of this process packed for assignment. There is none before the log was read to the
/// end it had at the start: sets on the way there are thousands of versions old, and points would be weighed by layers that are gone.
/// </summary>
internal sealed class LayerTable(ILogger<LayerTable> logger) : ITableHandler
{
    private readonly LayerSetAssembler _assembler = new();
    private volatile PackedLayerSet? _current;
    private volatile bool _caughtUp;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>The newest set; null before there is one.</summary>
    public PackedLayerSet? Current => _caughtUp ? _current : null;

    /// <summary>True when the table has been read to the end it had at the start: only then does none mean that there is no set.</summary>
    public bool IsCaughtUp => _caughtUp;

    /// <summary>The newest set once it is such as <paramref name="condition"/> wants it.</summary>
    public async ValueTask<PackedLayerSet> WaitAsync(Func<LayerSet, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The signal is taken before the set is read: a set that comes in between is not missed.
            var changed = Volatile.Read(ref _changed).Task;
            if (Current is { } packed && condition(packed.Set))
            {
                return packed;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        var closed = false;
        var incomplete = _assembler.Incomplete;
        foreach (var record in batch)
        {
            closed |= _assembler.Add(record);
        }

        if (_assembler.Incomplete > incomplete)
        {
            logger.IncompleteSet(_assembler.Incomplete - incomplete);
        }

        if (closed && _assembler.Newest is { } set)
        {
            _current = new PackedLayerSet(set);
            Signal();
        }

        return ValueTask.CompletedTask;
    }

    public void CaughtUp()
    {
        _caughtUp = true;
        Signal();
    }

    private void Signal() => Interlocked.Exchange(ref _changed, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
