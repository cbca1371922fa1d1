using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Records;
using Strata.Streaming.Telemetry;

namespace Strata.Streaming.Consuming.Partitions;

/// <summary>One handler from its making to its end: load, batches in order, drain.</summary>
internal sealed class PartitionLife : IDisposable
{
    /// <summary>Idle intervals between two idle calls at most.</summary>
    private const int MostIdle = 4;

    private readonly ConsumerEnvironment _consumer;
    private readonly PartitionHandlers _handlers;
    private readonly CommitSignal _commits;
    private readonly IPolling _polling;
    private readonly int _number;
    private readonly IReadOnlyDictionary<string, long> _rewound;
    private readonly PartitionPump _pump;
    private readonly CancellationTokenSource _start;
    private readonly CancellationTokenSource _end;
    private readonly CancellationToken _abandoned;
    private readonly Lock _lock = new();
    private Exception? _fault;
    private bool _over;

    public PartitionLife(
        ConsumerEnvironment consumer,
        PartitionHandlers handlers,
        CommitSignal commits,
        IPolling polling,
        int number,
        IReadOnlyDictionary<string, long> rewound,
        CancellationToken closing,
        CancellationToken abandoned)
    {
        _consumer = consumer;
        _handlers = handlers;
        _commits = commits;
        _polling = polling;
        _number = number;
        _rewound = rewound;
        _pump = new PartitionPump(consumer.Options.PumpCapacity, consumer.Options.PumpBytes);
        _abandoned = abandoned;
        _end = CancellationTokenSource.CreateLinkedTokenSource(abandoned);
        _start = CancellationTokenSource.CreateLinkedTokenSource(closing, _end.Token);
    }

    public TransactionBuffer? Buffer { get; private set; }

    /// <summary>No further batch.</summary>
    public void Drain() => _pump.Stop();

    /// <summary>Ends this life with <paramref name="fault"/>.</summary>
    public void Fail(Exception fault)
    {
        lock (_lock)
        {
            if (!_over)
            {
                _fault ??= fault;
                Buffer?.End();
                _end.Cancel();
            }
        }
    }

    public async Task RunAsync()
    {
        IPartitionHandler? handler = null;
        try
        {
            var committed = await _polling.CommittedAsync(_number, _start.Token);
            handler = await _handlers.MakeAsync(_number, committed, _rewound, _start.Token);
            var absorbed = await handler.StartAsync(_start.Token);
            var positions = StartPositions.Of(_handlers.Topics, committed, absorbed, _rewound);
            Buffer = new TransactionBuffer(_consumer, _commits, _number, committed);
            _start.Token.ThrowIfCancellationRequested();
            _polling.Open(_number, _pump, positions);
            await HandleAllAsync(handler, Buffer);
        }
        catch (OperationCanceledException) when (_fault is not null)
        {
            throw _fault;
        }
        catch (InvalidOperationException) when (_fault is not null)
        {
            throw _fault; // the buffer ended under the handler's hands
        }
        finally
        {
            _pump.Stop();
            _polling.Close(_number, _pump);
            if (Buffer is not null)
            {
                Buffer.End();
                await Buffer.SettleAsync(_abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (handler is not null)
            {
                await DisposeAsync(handler);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
        }

        _start.Dispose();
        _end.Dispose();
    }

    private async Task HandleAllAsync(IPartitionHandler handler, TransactionBuffer buffer)
    {
        while (await NextAsync(handler, buffer))
        {
            await HandleAsync(handler, buffer, _pump.Take(_consumer.Options.BatchSize, _consumer.Options.BatchBytes));
            await buffer.SpaceAsync(_consumer.Options.PendingMessages, _end.Token);
        }

        buffer.BeginCall([]);
        await handler.DrainAsync(buffer, _end.Token);
        buffer.EndCall();
        await buffer.FlushAsync(_end.Token);
    }

    /// <summary>Waits for records, and lets the handler work on its own while none come; false when the pump is stopped.</summary>
    private async ValueTask<bool> NextAsync(IPartitionHandler handler, TransactionBuffer buffer)
    {
        var waiting = _pump.WaitAsync(_end.Token);
        if (waiting.IsCompleted)
        {
            return await waiting;
        }

        var records = waiting.AsTask();
        var longest = MostIdle * _consumer.Options.IdleInterval;
        for (var wait = _consumer.Options.IdleInterval; ; wait = 2 * wait < longest ? 2 * wait : longest)
        {
            using var idle = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            await Task.WhenAny(records, Task.Delay(wait, _consumer.Time, idle.Token));
            await idle.CancelAsync();
            if (records.IsCompleted)
            {
                return await records;
            }

            buffer.BeginCall([]);
            await handler.IdleAsync(buffer, _end.Token);
            buffer.EndCall();
        }
    }

    private async Task HandleAsync(IPartitionHandler handler, TransactionBuffer buffer, List<StreamRecord> batch)
    {
        using var activity = Tracing.StartBatch(_consumer.Group, _number, batch);
        var started = _consumer.Time.GetTimestamp();
        try
        {
            buffer.BeginCall(batch);
            await handler.HandleAsync(batch, buffer, _end.Token);
            buffer.EndCall();
            _consumer.Metrics.Handled(_consumer.Group, batch.Count, _consumer.Time.GetElapsedTime(started));
            foreach (var topic in batch.GroupBy(record => record.Topic, StringComparer.Ordinal))
            {
                _consumer.Metrics.Consumed(_consumer.Group, topic.Key, topic.Count());
            }
        }
        catch (Exception fault)
        {
            Tracing.Failed(activity, fault);
            _consumer.Metrics.Handled(_consumer.Group, batch.Count, _consumer.Time.GetElapsedTime(started), fault.GetType().FullName);
            throw;
        }
    }

    private async Task DisposeAsync(IPartitionHandler handler)
    {
        try
        {
            await handler.DisposeAsync();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Its records are committed or read again whatever happened here.
            _consumer.Logger.HandlerNotDisposed(fault, _consumer.Group, _number);
        }
    }
}
