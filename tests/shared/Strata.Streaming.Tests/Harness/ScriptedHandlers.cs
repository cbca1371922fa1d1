using System.Collections.Concurrent;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;

namespace Strata.Streaming.Tests.Harness;

/// <summary>Handlers that do what the test says and remember what they got.</summary>
internal sealed class ScriptedHandlers
{
    private readonly Lock _lock = new();
    private readonly List<StreamRecord> _handled = [];
    private readonly HashSet<(string Topic, int Partition, long Offset)> _distinct = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];

    /// <summary>What a handler does with a batch, before it is written down. Commits by itself, or not.</summary>
    public Func<ScriptedHandler, IReadOnlyList<StreamRecord>, PartitionOutput, CancellationToken, ValueTask> Handle { get; set; } =
        (_, batch, output, _) =>
        {
            CommitBatch(batch, output);
            return default;
        };

    public Func<ScriptedHandler, IReadOnlyDictionary<string, long>> Start { get; set; } = _ => new Dictionary<string, long>();

    public Action<ScriptedHandler, PartitionOutput> Drain { get; set; } = (_, _) => { };

    public ConcurrentQueue<PartitionContext> Created { get; } = new();

    public IReadOnlyList<StreamRecord> Handled
    {
        get
        {
            lock (_lock)
            {
                return [.. _handled];
            }
        }
    }

    public static void CommitBatch(IReadOnlyList<StreamRecord> batch, PartitionOutput output)
    {
        foreach (var topic in batch.GroupBy(record => record.Topic, StringComparer.Ordinal))
        {
            output.Commit(topic.Key, topic.Max(record => record.Offset) + 1);
        }
    }

    /// <summary>Waits until that many different records were handled without a fault.</summary>
    public Task HandledAsync(int count)
    {
        lock (_lock)
        {
            if (_distinct.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((count, reached));
            return reached.Task;
        }
    }

    public void Add(IReadOnlyList<StreamRecord> batch)
    {
        lock (_lock)
        {
            _handled.AddRange(batch);
            _distinct.UnionWith(batch.Select(record => (record.Topic, record.Partition, record.Offset)));
            foreach (var wait in _waits.Where(wait => _distinct.Count >= wait.Count))
            {
                wait.Reached.TrySetResult();
            }
        }
    }
}

/// <summary>One of them, made as a service's handlers are.</summary>
internal sealed class ScriptedHandler : IPartitionHandler
{
    private readonly ScriptedHandlers _handlers;

    public ScriptedHandler(ScriptedHandlers handlers, PartitionContext context)
    {
        _handlers = handlers;
        Context = context;
        handlers.Created.Enqueue(context);
    }

    public PartitionContext Context { get; }

    public bool Disposed { get; private set; }

    public ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
        => ValueTask.FromResult(_handlers.Start(this));

    public async ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        Assert.False(Disposed);
        await _handlers.Handle(this, batch, output, cancellationToken);
        _handlers.Add(batch);
    }

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        _handlers.Drain(this, output);
        return default;
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return default;
    }
}
