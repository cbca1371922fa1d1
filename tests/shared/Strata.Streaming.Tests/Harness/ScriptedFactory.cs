using System.Collections.Concurrent;

namespace Strata.Streaming.Tests;

/// <summary>Handlers that do what the test says and remember what they got.</summary>
internal sealed class ScriptedFactory : IPartitionHandlerFactory
{
    private readonly Lock _lock = new();
    private readonly List<StreamRecord> _handled = [];
    private readonly HashSet<(string Topic, int Partition, long Offset)> _distinct = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];

    /// <summary>What a handler does with a batch, before it is written down. Commits by itself, or not.</summary>
    public Func<Scripted, IReadOnlyList<StreamRecord>, PartitionOutput, CancellationToken, ValueTask> Handle { get; set; } = (_, batch, output, _) =>
    {
        CommitBatch(batch, output);
        return default;
    };

    public Func<Scripted, IReadOnlyDictionary<string, long>> Start { get; set; } = _ => new Dictionary<string, long>();

    public Action<Scripted, PartitionOutput> Drain { get; set; } = (_, _) => { };

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

    public IPartitionHandler Create(PartitionContext context)
    {
        Created.Enqueue(context);
        return new Scripted(this, context);
    }

    private void Add(IReadOnlyList<StreamRecord> batch)
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

    internal sealed class Scripted(ScriptedFactory factory, PartitionContext context) : IPartitionHandler
    {
        public PartitionContext Context => context;

        public bool Disposed { get; private set; }

        public ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken) => ValueTask.FromResult(factory.Start(this));

        public async ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
        {
            Assert.False(Disposed);
            await factory.Handle(this, batch, output, cancellationToken);
            factory.Add(batch);
        }

        public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken)
        {
            factory.Drain(this, output);
            return default;
        }

        public ValueTask DisposeAsync()
        {
            Disposed = true;
            return default;
        }
    }
}
