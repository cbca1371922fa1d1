namespace Strata.Streaming;

/// <summary>One handler from its making to its end: load, batches in order, drain.</summary>
internal sealed class PartitionLife : IDisposable
{
    private readonly ConsumerScope _scope;
    private readonly int _number;
    private readonly Func<int, CancellationToken, Task<IReadOnlyDictionary<string, long>>> _committed;
    private readonly PartitionPump _pump;
    private readonly CancellationTokenSource _start;
    private readonly CancellationTokenSource _end;
    private readonly CancellationToken _abandoned;
    private readonly Lock _lock = new();
    private Exception? _fault;
    private bool _over;

    public PartitionLife(
        ConsumerScope scope, int number, Func<int, CancellationToken, Task<IReadOnlyDictionary<string, long>>> committed, CancellationToken closing, CancellationToken abandoned)
    {
        _scope = scope;
        _number = number;
        _committed = committed;
        _pump = new PartitionPump(scope.Options.PumpCapacity, scope.Options.PumpBytes);
        _abandoned = abandoned;
        _end = CancellationTokenSource.CreateLinkedTokenSource(abandoned);
        _start = CancellationTokenSource.CreateLinkedTokenSource(closing, _end.Token);
    }

    public PartitionOutbox? Outbox { get; private set; }

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
                Outbox?.End();
                _end.Cancel();
            }
        }
    }

    public async Task RunAsync()
    {
        IPartitionHandler? handler = null;
        try
        {
            var committed = await _committed(_number, _start.Token);
            handler = _scope.Factory.Create(new PartitionContext(
                _scope.Group,
                _number,
                await LogsAsync(),
                _scope.Topics.ToDictionary(topic => topic, topic => committed.GetValueOrDefault(topic), StringComparer.Ordinal)));
            var absorbed = await handler.StartAsync(_start.Token);
            var positions = StartPositions.Of(_scope.Topics, committed, absorbed);
            Outbox = new PartitionOutbox(_scope, _number, committed);
            _start.Token.ThrowIfCancellationRequested();
            _scope.PollCommands.Enqueue(loop => loop.Open(_number, _pump, positions));
            await HandleAllAsync(handler, Outbox);
        }
        catch (OperationCanceledException) when (_fault is not null)
        {
            throw _fault;
        }
        catch (InvalidOperationException) when (_fault is not null)
        {
            throw _fault; // the outbox ended under the handler's hands
        }
        finally
        {
            _pump.Stop();
            _scope.PollCommands.Enqueue(loop => loop.Close(_number, _pump));
            if (Outbox is not null)
            {
                Outbox.End();
                await Outbox.SettleAsync(_abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    private async Task<IReadOnlyDictionary<string, ulong>> LogsAsync()
    {
        var logs = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var topic in _scope.Topics)
        {
            logs[topic] = await _scope.Broker.LogAsync(topic, _number, _start.Token);
        }

        return logs;
    }

    private async Task HandleAllAsync(IPartitionHandler handler, PartitionOutbox outbox)
    {
        while (await NextAsync(handler, outbox))
        {
            await HandleAsync(handler, outbox, _pump.Take(_scope.Options.BatchSize, _scope.Options.BatchBytes));
            await outbox.RoomAsync(_scope.Options.PendingMessages, _end.Token);
        }

        outbox.BeginCall([]);
        await handler.DrainAsync(outbox, _end.Token);
        outbox.EndCall();
        await outbox.FlushAsync(_end.Token);
    }

    /// <summary>Waits for records, and lets the handler work on its own while none come; false when the pump is stopped.</summary>
    private async ValueTask<bool> NextAsync(IPartitionHandler handler, PartitionOutbox outbox)
    {
        var waiting = _pump.WaitAsync(_end.Token);
        if (waiting.IsCompleted)
        {
            return await waiting;
        }

        var records = waiting.AsTask();
        while (true)
        {
            using var idle = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            await Task.WhenAny(records, Task.Delay(_scope.Options.IdleInterval, _scope.Time, idle.Token));
            await idle.CancelAsync();
            if (records.IsCompleted)
            {
                return await records;
            }

            outbox.BeginCall([]);
            await handler.IdleAsync(outbox, _end.Token);
            outbox.EndCall();
        }
    }

    private async Task HandleAsync(IPartitionHandler handler, PartitionOutbox outbox, List<StreamRecord> batch)
    {
        using var activity = Tracing.StartBatch(_scope.Group, _number, batch);
        var started = _scope.Time.GetTimestamp();
        try
        {
            outbox.BeginCall(batch);
            await handler.HandleAsync(batch, outbox, _end.Token);
            outbox.EndCall();
            _scope.Metrics.Handled(_scope.Group, batch.Count, _scope.Time.GetElapsedTime(started));
            foreach (var topic in batch.GroupBy(record => record.Topic, StringComparer.Ordinal))
            {
                _scope.Metrics.Consumed(_scope.Group, topic.Key, topic.Count());
            }
        }
        catch (Exception fault)
        {
            Tracing.Failed(activity, fault);
            _scope.Metrics.Handled(_scope.Group, batch.Count, _scope.Time.GetElapsedTime(started), fault.GetType().FullName);
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
            _scope.Logger.HandlerNotDisposed(fault, _scope.Group, _number); // its records are committed or read again whatever happened here
        }
    }
}
