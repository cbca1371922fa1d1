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
internal sealed class PollLoop : IPolling
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
    private readonly Dictionary<int, Task> _predecessors = [];
    private readonly OpeningPartitions _opening;
    private readonly LagGauge _lag;

    public PollLoop(
        ConsumerEnvironment environment,
        IReadOnlyList<string> topics,
        ConsumerState state,
        KafkaClients clients,
        BrokerQuestions questions,
        Func<IPolling, int, PartitionRunner> runnerOf)
    {
        _environment = environment;
        _topics = topics;
        _state = state;
        _clients = clients;
        _questions = questions;
        _runnerOf = runnerOf;
        _opening = new OpeningPartitions(environment.Logger, environment.Group);
        _lag = new LagGauge(environment);
        Consumer = clients.Member(environment.Group, topics.Count > 1)
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoked(partitions.Select(partition => partition.TopicPartition)))
            .SetPartitionsLostHandler((_, partitions) => Lost(partitions.Select(partition => partition.TopicPartition)))
            .Build();
    }

    /// <summary>The client. To close it is the caller's.</summary>
    public IConsumer<RecordKey, byte[]?> Consumer { get; }

    /// <summary>Runners of the assigned partitions, for any thread.</summary>
    public IEnumerable<PartitionRunner> Runners => _runners.Values;

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
            Poll(paused || _opening.Any ? Busy : Quiet);
            _lag.Update(Consumer, _slots.Values);
        }
    }

    /// <summary>Drains all partitions within <paramref name="budget"/>, and abandons those that aren't ready by then.</summary>
    public void GiveUp(TimeSpan budget, CancellationToken hard) => Drain([.. _slots.Keys], budget, hard);

    public Task<IReadOnlyDictionary<string, long>> CommittedAsync(int number, CancellationToken cancellationToken)
        => _questions.AskAsync<IReadOnlyDictionary<string, long>>(
            "committed offsets",
            () => Consumer.Committed(_topics.Select(topic => new TopicPartition(topic, number)), _clients.RequestTimeout)
                .Where(position => position.Offset.Value >= 0)
                .ToDictionary(position => position.Topic, position => position.Offset.Value, StringComparer.Ordinal),
            cancellationToken);

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
            _environment.Logger.PollFault(_environment.Group, fault.Error.Code.ToString(), fault.Error.Reason);
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

    private void Assigned(List<TopicPartition> partitions)
    {
        foreach (var number in partitions.GroupBy(partition => partition.Partition.Value))
        {
            var runner = _runnerOf(this, number.Key);
            _slots[number.Key] = new PolledPartition(number.Key, [.. number], runner);
            _runners[number.Key] = runner;
            runner.Start(_predecessors.GetValueOrDefault(number.Key, Task.CompletedTask));
        }

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

        _state.Lost(_slots.Count);
    }

    private void Drain(List<int> numbers, TimeSpan budget, CancellationToken hard)
    {
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
