using Strata.Clustering.Layers.Wire;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Clustering.Layers;

/// <summary>Follows strata.layers.v1: the newest whole layer set of this process in one volatile slot, packed for assignment.</summary>
internal sealed class LayerTable(ILogger<LayerTable> logger) : ITableHandler
{
    private readonly LayerSetAssembler _assembler = new();
    private volatile LayerView? _current;
    private volatile bool _caughtUp;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>The newest set; null before there is one.</summary>
    public LayerView? Current => _current;

    /// <summary>True when the table has been read to the end it had at the start: only then does an empty slot mean that there is no set.</summary>
    public bool IsCaughtUp => _caughtUp;

    /// <summary>The newest set once it is such as <paramref name="condition"/> wants it.</summary>
    public async ValueTask<LayerView> WaitAsync(Func<LayerSet, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The signal is taken before the slot is read: a set that comes in between is not missed.
            var changed = Volatile.Read(ref _changed).Task;
            if (_current is { } view && condition(view.Set))
            {
                return view;
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
            closed |= _assembler.Add(record.Key, record.Value);
        }

        if (_assembler.Incomplete > incomplete)
        {
            Log.IncompleteSet(logger, _assembler.Incomplete - incomplete);
        }

        if (closed && _assembler.Newest is { } set)
        {
            _current = new LayerView(set, new Assigner(set));
            Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
        }

        return ValueTask.CompletedTask;
    }

    public void CaughtUp() => _caughtUp = true;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A layer set with its assigner.</summary>
/// <param name="Set">The set.</param>
/// <param name="Assigner">Its packed centroids.</param>
internal sealed record LayerView(LayerSet Set, Assigner Assigner);
