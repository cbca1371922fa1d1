using System.Collections.Concurrent;
using Confluent.Kafka;
using Strata.Streaming.Connecting;
using Strata.Streaming.Consuming.Partitions;
using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Polling;

/// <summary>
/// The thread that polls: hands records to the pumps of their partitions, pauses and resumes, and answers rebalances. It is the only one
/// that seeks, pauses or polls, and it never waits for a handler except to drain.
/// </summary>
internal sealed class PollLoop : IPolling, IDisposable
{
    // While something waits for this thread it looks often; a wait inside the client can't be interrupted.
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private readonly ConsumerEnvironment _environment;
    private readonly IReadOnlyList<string> _topics;
    private readonly ConsumerState _state;
    private readonly KafkaClients _clients;
    private readonly BrokerQuestions _questions;
    private readonly Func<IPolling, int, PartitionRunner> _runnerOf;
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly ConcurrentDictionary<int, PartitionRunner> _runners = new(); // of the slots, for other threads
    private readonly Dictionary<int, PolledPartition> _slots = [];
    private readonly ConcurrentDictionary<int, Task> _predecessors;
    private readonly OpeningPartitions _opening;
    private readonly LagGauge _lag;
    private readonly SharedClient<IConsumer<RecordKey, byte[]?>> _shared;
    private long _polled;
    private long _outside;
    private long _asking;
    private volatile bool _draining;
    private volatile bool _abandoned;
    private volatile Task _answering = Task.CompletedTask;

    public PollLoop(
        ConsumerEnvironment environment,
        IReadOnlyList<string> topics,
        ConsumerState state,
        KafkaClients clients,
        BrokerQuestions questions,
        ConcurrentDictionary<int, Task> predecessors,
        Func<IPolling, int, PartitionRunner> runnerOf)
    {
        _environment = environment;
        _topics = topics;
        _state = state;
        _clients = clients;
        _questions = questions;
        _predecessors = predecessors;
        _runnerOf = runnerOf;
        _opening = new OpeningPartitions(environment.Logger, environment.Group);
        _lag = new LagGauge(environment);
        _polled = environment.Time.GetTimestamp();
        _outside = _polled;
        Consumer = clients.Member(environment.Group, topics.Count > 1, environment.Options.MinFetchBytes)
            .SetPartitionsAssignedHandler((_, partitions) => Answer(() => Assigned(partitions)))
            .SetPartitionsRevokedHandler((_, partitions) => Answer(() => Revoked(partitions.Select(revoked => revoked.TopicPartition))))
            .SetPartitionsLostHandler((_, partitions) => Answer(() => Lost(partitions.Select(lost => lost.TopicPartition))))
            .Build();
        _shared = new SharedClient<IConsumer<RecordKey, byte[]?>>(Consumer);
    }

    /// <summary>The client. To close it is the caller's, to let go of it <see cref="Dispose"/>'s.</summary>
    public IConsumer<RecordKey, byte[]?> Consumer { get; }

    /// <summary>Runners of the assigned partitions, for any thread.</summary>
    public IEnumerable<PartitionRunner> Runners => _runners.Values;

    /// <summary>The group's positions are asked for when what this answers has ended.</summary>
    public Func<Task> Decided { get; set; } = () => Task.CompletedTask;

    /// <summary>Told when the membership is lost, before anything is asked about the next one.</summary>
    public Action MembershipLost { get; set; } = () => { };

    /// <summary>Ends when the client's question about a rebalance is answered, within the drain budget; for any thread.</summary>
    public Task Answering => _answering;

    /// <summary>Timestamp of the last poll; null while partitions are drained, which has a budget of its own.</summary>
    public long? Polled => _draining ? null : Volatile.Read(ref _polled);

    /// <summary>Timestamp since when this consumer is outside of its group; null while it is a member.</summary>
    public long? Outside => Volatile.Read(ref _outside) is var outside && outside != 0 ? outside : null;

    /// <summary>Timestamp since when the broker is asked for the group's positions and has not answered; null when it is not.</summary>
    public long? Asking => Volatile.Read(ref _asking) is var asking && asking != 0 ? asking : null;

    /// <summary>Once a second, by partition that is being read, the offset that was reached; -1 where reading has not begun.</summary>
    public IReadOnlyDictionary<TopicPartition, long> Reached => _lag.Reached;

    /// <summary>A partition of each topic, to ask the broker about something.</summary>
    public IReadOnlyList<TopicPartition> Any => [.. _topics.Select(topic => new TopicPartition(topic, 0))];

    /// <summary>Polls until told to stop. Leaves the partitions as they are: <see cref="GiveUp"/> is next.</summary>
    public void Run(CancellationToken stopping)
    {
        Consumer.Subscribe(_topics);
        while (!stopping.IsCancellationRequested)
        {
            while (_commands.TryDequeue(out var command))
            {
                command();
            }

            _opening.TryAll(Consumer);
            var paused = PauseAndResume();
            _state.Polled();
            Volatile.Write(ref _polled, _environment.Time.GetTimestamp());
            Poll(paused || _opening.Any ? Busy : Quiet);
            _lag.Update(Consumer, _slots.Values);
        }
    }

    /// <summary>Lets go of the client, once neither thread calls it any more.</summary>
    public void Dispose() => _shared.Dispose();

    /// <summary>Drains all partitions within <paramref name="budget"/>, and abandons those that aren't ready by then.</summary>
    public void GiveUp(TimeSpan budget, CancellationToken hard)
    {
        if (!_abandoned)
        {
            Drain([.. _slots.Keys], budget, hard);
        }
    }

    /// <summary>
    /// Gives up all partitions at once, from another thread, where this one does not come back from its client: what is not committed is
    /// void.
    /// </summary>
    public void Abandon()
    {
        _abandoned = true;
        foreach (var (number, runner) in _runners)
        {
            runner.Abandon();
            _predecessors[number] = runner.Completion;
        }
    }

    public async Task<IReadOnlyDictionary<string, long>> CommittedAsync(int number, CancellationToken cancellationToken)
    {
        await Decided().WaitAsync(cancellationToken);
        Interlocked.CompareExchange(ref _asking, _environment.Time.GetTimestamp(), 0);
        try
        {
            return await _questions.AskAsync<IReadOnlyDictionary<string, long>>(
                "committed offsets",
                () => _shared.Call(
                        client => client.Committed(_topics.Select(topic => new TopicPartition(topic, number)), _clients.RequestTimeout))
                    .Where(position => position.Offset.Value >= 0)
                    .ToDictionary(position => position.Topic, position => position.Offset.Value, StringComparer.Ordinal),
                cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _asking, 0);
        }
    }

    public void Open(int number, PartitionPump pump, IReadOnlyDictionary<string, long?> positions) => _commands.Enqueue(() =>
    {
        if (_slots.TryGetValue(number, out var slot))
        {
            _opening.Add(slot, pump, positions);
        }
    });

    public void Close(int number, PartitionPump pump) => _commands.Enqueue(() =>
    {
        if (_slots.TryGetValue(number, out var slot) && (slot.Pump == pump || slot.Opening?.Pump == pump))
        {
            slot.Pump = null;
            slot.Opening = null;
        }
    });

    private void Poll(TimeSpan wait)
    {
        ConsumeResult<RecordKey, byte[]?>? result;
        try
        {
            result = Consumer.Consume(wait);
        }
        catch (ConsumeException fault) when (!fault.Error.IsFatal
            && fault.Error.Code is not (ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed))
        {
            // The client mends these by itself and tells: a broker away, a topic not there yet, a poll that came too late (then the
            // partitions are lost, and it joins again).
            if (_environment.Lines.Allows($"poll {fault.Error.Code}"))
            {
                _environment.Logger.PollFault(_environment.Group, fault.Error.Code.ToString(), fault.Error.Reason);
            }

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
        slot.Arrivals[result.Topic].Received(result.Offset.Value, ArrivalOf(result.Message.Timestamp));
        if (pump.Full)
        {
            Pause(slot);
        }
    }

    // On a topic that keeps the producer's time, as the embedded broker does, nobody says when it arrived.
    private DateTimeOffset ArrivalOf(Timestamp timestamp)
        => timestamp.Type == TimestampType.LogAppendTime ? new DateTimeOffset(timestamp.UtcDateTime) : _environment.Time.GetUtcNow();

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
                Consumer.Resume(slot.Partitions);
                slot.Paused = false;
                _environment.Logger.PartitionResumed(_environment.Group, slot.Number);
            }

            paused |= slot.Paused;
        }

        return paused;
    }

    private void Pause(PolledPartition slot)
    {
        if (!slot.Paused)
        {
            Consumer.Pause(slot.Partitions);
            slot.Paused = true;
            _environment.Logger.PartitionPaused(_environment.Group, slot.Number);
        }
    }

    private void Answer(Action answer)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answering = answered.Task;
        try
        {
            answer();
        }
        finally
        {
            answered.SetResult();
        }
    }

    private void Assigned(List<TopicPartition> partitions)
    {
        foreach (var number in partitions.GroupBy(partition => partition.Partition.Value))
        {
            var runner = _runnerOf(this, number.Key);
            _slots[number.Key] = new PolledPartition(number.Key, [.. number], runner);
            _runners[number.Key] = runner;
            runner.Start(_predecessors.GetValueOrDefault(number.Key, Task.CompletedTask));
        }

        Volatile.Write(ref _outside, 0);
        _state.Assigned(_slots.Count);
        _environment.Logger.PartitionsAssigned(_environment.Group, partitions.Count, _slots.Count);
    }

    private void Revoked(IEnumerable<TopicPartition> partitions)
    {
        var numbers = partitions.Select(partition => partition.Partition.Value).Distinct().Where(_slots.ContainsKey).ToList();
        _environment.Logger.PartitionsRevoked(_environment.Group, numbers.Count);
        Drain(numbers, _environment.Options.DrainBudget, CancellationToken.None);
        _state.Assigned(_slots.Count);
    }

    private void Lost(IEnumerable<TopicPartition> partitions)
    {
        foreach (var number in partitions.Select(partition => partition.Partition.Value).Distinct().Where(_slots.ContainsKey).ToList())
        {
            _environment.Logger.PartitionLost(_environment.Group, number);
            _slots[number].Runner.Abandon();
            Forget(number);
        }

        MembershipLost();
        Volatile.Write(ref _outside, _environment.Time.GetTimestamp());
        _state.Lost(_slots.Count);
    }

    private void Drain(List<int> numbers, TimeSpan budget, CancellationToken hard)
    {
        _draining = true;
        var runners = numbers.ConvertAll(number => _slots[number].Runner);
        runners.ForEach(runner => runner.Drain());
        var all = Task.WhenAll(runners.Select(runner => runner.Completion));
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(hard))
        {
            // This thread has nothing else to do: the group waits for it.
            Task.WhenAny(all, Task.Delay(budget, _environment.Time, over.Token)).GetAwaiter().GetResult();
            over.Cancel();
        }

        foreach (var number in numbers)
        {
            var runner = _slots[number].Runner;
            if (!runner.Completion.IsCompleted)
            {
                _environment.Logger.DrainBudgetOver(_environment.Group, number, budget);
                runner.Abandon();
            }

            Forget(number);
        }

        Volatile.Write(ref _polled, _environment.Time.GetTimestamp());
        _draining = false;
    }

    private void Forget(int number)
    {
        var slot = _slots[number];
        _predecessors[number] = slot.Runner.Completion.ContinueWith(
            _ => slot.Runner.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _slots.Remove(number);
        _opening.Remove(slot);
        _runners.TryRemove(number, out _);
        _lag.Forget(slot);
    }
}
