using Confluent.Kafka;
using Polly;

namespace Strata.Streaming;

/// <summary>
/// The thread that polls: hands records to the pumps of their partitions, pauses and resumes, and answers rebalances. It is the only one that seeks, pauses or polls, and it
/// never waits for a handler except to drain.
/// </summary>
internal sealed class PollLoop
{
    // While something waits for this thread it looks often; a wait inside the client can't be interrupted.
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private readonly ConsumerScope _scope;
    private readonly ConsumerState _state;
    private readonly ResiliencePipeline _restart;
    private readonly Func<int, CancellationToken, Task<IReadOnlyDictionary<string, long>>> _committed;
    private readonly Dictionary<int, PartitionSlot> _slots = [];
    private readonly Dictionary<int, Task> _predecessors = [];
    private readonly OpeningPartitions _opening;
    private readonly LagGauge _lag;
    private IConsumer<RecordKey, byte[]?> _consumer = null!;

    public PollLoop(
        ConsumerScope scope, ConsumerState state, ResiliencePipeline restart, Func<int, CancellationToken, Task<IReadOnlyDictionary<string, long>>> committed)
    {
        _scope = scope;
        _state = state;
        _restart = restart;
        _committed = committed;
        _opening = new OpeningPartitions(scope.Logger, scope.Group);
        _lag = new LagGauge(scope);
    }

    /// <summary>Adds the rebalance handlers to a client that is being made.</summary>
    public IConsumer<RecordKey, byte[]?> Build(ConsumerBuilder<RecordKey, byte[]?> builder)
        => _consumer = builder
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoked(partitions.Select(partition => partition.TopicPartition)))
            .SetPartitionsLostHandler((_, partitions) => Lost(partitions.Select(partition => partition.TopicPartition)))
            .Build();

    /// <summary>Polls until told to stop. Leaves the partitions as they are: <see cref="GiveUp"/> is next.</summary>
    public void Run(CancellationToken stopping)
    {
        _consumer.Subscribe(_scope.Topics);
        while (!stopping.IsCancellationRequested)
        {
            while (_scope.PollCommands.TryDequeue(out var command))
            {
                command(this);
            }

            _opening.TryAll(_consumer);
            var paused = PauseAndResume();
            _state.Polled();
            Poll(paused || _opening.Any ? Busy : Quiet);
            _lag.Update(_consumer, _slots.Values);
        }
    }

    /// <summary>Drains all partitions within <paramref name="budget"/>, and abandons those that aren't ready by then.</summary>
    public void GiveUp(TimeSpan budget, CancellationToken hard) => Drain([.. _slots.Keys], budget, hard);

    /// <summary>A handler has started: its partition goes on at <paramref name="positions"/> into <paramref name="pump"/>.</summary>
    public void Open(int number, PartitionPump pump, IReadOnlyDictionary<string, long?> positions)
    {
        if (_slots.TryGetValue(number, out var slot))
        {
            _opening.Add(slot, pump, positions);
        }
    }

    /// <summary>The handler behind <paramref name="pump"/> is gone.</summary>
    public void Close(int number, PartitionPump pump)
    {
        if (_slots.TryGetValue(number, out var slot) && (slot.Pump == pump || slot.Opening?.Pump == pump))
        {
            slot.Pump = null;
            slot.Opening = null;
        }
    }

    private void Poll(TimeSpan wait)
    {
        ConsumeResult<RecordKey, byte[]?>? result;
        try
        {
            result = _consumer.Consume(wait);
        }
        catch (ConsumeException fault) when (!fault.Error.IsFatal && fault.Error.Code is not (ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed))
        {
            // The client mends these by itself and tells: a broker away, a topic not there yet, a poll that came too late (then the partitions are lost, and it joins again).
            _scope.Logger.PollFault(_scope.Group, fault.Error.Code.ToString(), fault.Error.Reason);
            return;
        }

        if (result is null || !_slots.TryGetValue(result.Partition.Value, out var slot) || slot.Pump is not { } pump)
        {
            return; // no handler yet: the partition is put to its position before one gets a record
        }

        if (result.IsPartitionEOF)
        {
            slot.Ends[result.Topic] = result.Offset.Value;
            return;
        }

        pump.TryAdd(RecordReader.Read(result));
        slot.Received[result.Topic] = result.Offset.Value + 1;
        if (pump.Full)
        {
            Pause(slot);
        }
    }

    private bool PauseAndResume()
    {
        var paused = false;
        foreach (var slot in _slots.Values)
        {
            if (slot.Pump is null)
            {
                Pause(slot);
            }
            else if (slot.Paused && slot.Pump.Low)
            {
                _consumer.Resume(slot.Partitions);
                slot.Paused = false;
                _scope.Logger.PartitionResumed(_scope.Group, slot.Number);
            }

            paused |= slot.Paused;
        }

        return paused;
    }

    private void Pause(PartitionSlot slot)
    {
        if (!slot.Paused)
        {
            _consumer.Pause(slot.Partitions);
            slot.Paused = true;
            _scope.Logger.PartitionPaused(_scope.Group, slot.Number);
        }
    }

    private void Assigned(List<TopicPartition> partitions)
    {
        foreach (var number in partitions.GroupBy(partition => partition.Partition.Value))
        {
            var runner = new PartitionRunner(_scope, number.Key, _committed, _restart);
            _slots[number.Key] = new PartitionSlot(number.Key, [.. number], runner);
            _scope.Runners[number.Key] = runner;
            runner.Start(_predecessors.GetValueOrDefault(number.Key, Task.CompletedTask));
        }

        _state.Assigned(_slots.Count);
        _scope.Logger.PartitionsAssigned(_scope.Group, partitions.Count, _slots.Count);
    }

    private void Revoked(IEnumerable<TopicPartition> partitions)
    {
        var numbers = partitions.Select(partition => partition.Partition.Value).Distinct().Where(_slots.ContainsKey).ToList();
        _scope.Logger.PartitionsRevoked(_scope.Group, numbers.Count);
        Drain(numbers, _scope.Options.DrainBudget, CancellationToken.None);
        _state.Assigned(_slots.Count);
    }

    private void Lost(IEnumerable<TopicPartition> partitions)
    {
        foreach (var number in partitions.Select(partition => partition.Partition.Value).Distinct().Where(_slots.ContainsKey).ToList())
        {
            _scope.Logger.PartitionLost(_scope.Group, number);
            _slots[number].Runner.Abandon();
            Forget(number);
        }

        _state.Lost(_slots.Count);
    }

    private void Drain(List<int> numbers, TimeSpan budget, CancellationToken hard)
    {
        var runners = numbers.ConvertAll(number => _slots[number].Runner);
        runners.ForEach(runner => runner.Drain());
        var all = Task.WhenAll(runners.Select(runner => runner.Completion));
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(hard))
        {
            Task.WhenAny(all, Task.Delay(budget, _scope.Time, over.Token)).GetAwaiter().GetResult(); // this thread has nothing else to do: the group waits for it
            over.Cancel();
        }

        foreach (var number in numbers)
        {
            var runner = _slots[number].Runner;
            if (!runner.Completion.IsCompleted)
            {
                _scope.Logger.DrainBudgetOver(_scope.Group, number, budget);
                runner.Abandon();
            }

            Forget(number);
        }
    }

    private void Forget(int number)
    {
        var slot = _slots[number];
        _predecessors[number] = slot.Runner.Completion.ContinueWith(_ => slot.Runner.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _slots.Remove(number);
        _opening.Remove(slot);
        _scope.Runners.TryRemove(number, out _);
        _lag.Forget(slot);
    }
}
