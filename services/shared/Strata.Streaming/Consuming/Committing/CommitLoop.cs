using Confluent.Kafka;
using Strata.Streaming.Connecting;
using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Committing;

/// <summary>
/// Commits for all partitions of one consumer on a thread of its own (the client's transaction calls block), while handlers go on with the
/// next batches. One transaction takes everything that is ready.
/// </summary>
internal sealed class CommitLoop(
    ConsumerEnvironment environment,
    CommitSignal signal,
    Func<IEnumerable<ICommitSource>> sources,
    KafkaClients clients,
    TransactionalNames names,
    IConsumer<RecordKey, byte[]?> consumer,
    TopicPartition anywhere) : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EmbeddedRebalance = TimeSpan.FromSeconds(4);

    private readonly TransactionalSender _sender = new(clients, environment, names, () => consumer.ConsumerGroupMetadata, anywhere);
    private readonly Decision _decision = new();
    private long _last;
    private long _since;
    private int _commits;

    /// <summary>Timestamp since when a commit is tried that does not come to an end; null when none is.</summary>
    public long? Since => Volatile.Read(ref _since) is var since && since != 0 ? since : null;

    /// <summary>True once a commit was done.</summary>
    public bool Committed => Volatile.Read(ref _commits) > 0;

    /// <summary>Ends when it is decided what was left: positions that are read before may still move, or not be answered.</summary>
    public Task Decided => _decision.Made;

    /// <summary>Told by any thread that the membership is lost: the last transaction is ended before positions are asked for.</summary>
    public void Lost()
    {
        if (names.Used && _decision.Doubt())
        {
            signal.Wake();
        }
    }

    /// <summary>Runs until cancelled; another exception ends the host.</summary>
    /// <param name="takesOver">Whether there were clients of this name before, whose transaction is to be ended first.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public void Run(bool takesOver, CancellationToken cancellationToken)
    {
        if (!takesOver || !names.Used)
        {
            _decision.Make();
        }

        _last = environment.Time.GetTimestamp() - environment.Time.TimestampFrequency; // long ago: the first commit is due at once
        while (!cancellationToken.IsCancellationRequested)
        {
            if (!Decided.IsCompleted)
            {
                Begin();
                _sender.TakeOver(cancellationToken);
                End();
                _decision.Make();
            }

            var wait = TimeToCommit();
            if (wait > TimeSpan.Zero)
            {
                signal.Wait(wait);
                continue;
            }

            CommitOnce(cancellationToken);
        }
    }

    public void Dispose() => _sender.Dispose();

    private TimeSpan TimeToCommit()
    {
        var need = CommitNeed.None;
        foreach (var source in sources())
        {
            need = source.Buffer?.Need() is { } wanted && wanted > need ? wanted : need;
        }

        if (need == CommitNeed.None)
        {
            End(); // what was tried again is void
        }

        return CommitPace.Left(need, environment.Time.GetElapsedTime(_last), environment.Options);
    }

    private void CommitOnce(CancellationToken cancellationToken)
    {
        var taken = new List<(TransactionBuffer Buffer, PendingCommit Pending)>();
        foreach (var source in sources())
        {
            if (source.Buffer is { } buffer && buffer.Take() is { } pending)
            {
                taken.Add((buffer, pending));
            }
        }

        if (taken.Count == 0)
        {
            return;
        }

        _last = environment.Time.GetTimestamp();
        Begin();
        var offsets = taken
            .SelectMany(entry => entry.Pending.Positions.Select(
                position => new TopicPartitionOffset(position.Key, entry.Buffer.Partition, position.Value)))
            .ToList();
        if (taken.Exists(entry => entry.Pending.Messages.Count > 0))
        {
            Send(taken, offsets, cancellationToken);
        }
        else
        {
            Move(taken, offsets);
        }
    }

    private void Send(
        List<(TransactionBuffer Buffer, PendingCommit Pending)> taken,
        List<TopicPartitionOffset> offsets,
        CancellationToken cancellationToken)
    {
        var moved = true;
        try
        {
            _sender.Commit(taken.SelectMany(entry => entry.Pending.Messages), offsets, () => Member(taken), cancellationToken);
            if (clients.Embedded)
            {
                moved = TryCommitEmbedded(offsets); // the embedded broker takes the transaction's offsets and forgets them
            }
        }
        catch (CommitAbortedException fault)
        {
            End();
            environment.Logger.CommitAborted(environment.Group, fault.Message);
            taken.ForEach(entry => entry.Buffer.Aborted());
            foreach (var source in sources())
            {
                source.Fail(fault);
            }

            return;
        }

        Done(taken, transaction: true);
        if (!moved)
        {
            taken.ForEach(entry => entry.Buffer.Return(entry.Pending with { Messages = [] }));
        }
    }

    private void Move(List<(TransactionBuffer Buffer, PendingCommit Pending)> taken, List<TopicPartitionOffset> offsets)
    {
        try
        {
            consumer.Commit(offsets);
        }
        catch (KafkaException fault) when (BrokerFaults.Transient(fault))
        {
            // Nothing hangs on these positions yet: the next round takes them along, or the partition is lost and they are void.
            if (environment.Lines.Allows($"positions {fault.Error.Code}"))
            {
                environment.Logger.PositionsNotCommitted(fault.Error.Reason, environment.Group);
            }

            foreach (var (buffer, pending) in taken)
            {
                buffer.Return(pending);
            }

            signal.Wait(Retry);
            return;
        }

        Done(taken, transaction: false);
    }

    // The embedded broker refuses positions while its group rebalances. When it goes on doing so the messages are out without their
    // positions, which come with the next commit; if the partition is given up before that, its next owner repeats the messages.
    private bool TryCommitEmbedded(List<TopicPartitionOffset> offsets)
    {
        while (true)
        {
            try
            {
                consumer.Commit(offsets);
                return true;
            }
            catch (KafkaException fault) when (BrokerFaults.Transient(fault))
            {
                if (environment.Time.GetElapsedTime(_last) > EmbeddedRebalance)
                {
                    environment.Logger.PositionsNotCommitted(fault.Error.Reason, environment.Group);
                    return false;
                }

                signal.Wait(Retry);
            }
        }
    }

    private void Begin()
    {
        // Positions that are tried again are one commit that does not come to an end.
        if (Since is null)
        {
            Volatile.Write(ref _since, environment.Time.GetTimestamp());
        }
    }

    private void End() => Volatile.Write(ref _since, 0);

    private void Done(List<(TransactionBuffer Buffer, PendingCommit Pending)> taken, bool transaction)
    {
        End();
        Interlocked.Increment(ref _commits);
        foreach (var (buffer, pending) in taken)
        {
            buffer.Done(pending);
        }

        environment.Metrics.Committed(environment.Group, transaction, environment.Time.GetElapsedTime(_last));
    }

    // Read before the ownership is checked. While the membership is lost the client knows no member id; once it has a new one, the poll
    // thread has voided the buffers of the lost partitions. So no membership that passes here can belong to a later generation than the
    // partitions. The broker refuses an earlier one.
    private IConsumerGroupMetadata Member(List<(TransactionBuffer Buffer, PendingCommit Pending)> taken)
    {
        var member = consumer.ConsumerGroupMetadata;
        if (string.IsNullOrEmpty(consumer.MemberId) || taken.Exists(entry => entry.Buffer.IsVoid))
        {
            throw new CommitAbortedException($"Partitions of {environment.Group} were given up before their commit", null);
        }

        return member;
    }
}
