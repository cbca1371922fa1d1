using Confluent.Kafka;

namespace Strata.Streaming;

/// <summary>
/// Commits for all partitions of one consumer on a thread of its own (the client's transaction calls block), while handlers go on with the next batches. One transaction takes
/// everything that is ready.
/// </summary>
internal sealed class CommitLoop(ConsumerScope scope, IConsumer<RecordKey, byte[]?> consumer) : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EmbeddedRebalance = TimeSpan.FromSeconds(4);
    private readonly TransactionalSender _sender = new(scope.Clients, scope.Metrics, scope.Logger, scope.Group);
    private long _last;

    /// <summary>Runs until cancelled; another exception ends the host.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        _last = scope.Time.GetTimestamp() - scope.Time.TimestampFrequency; // long ago: the first commit is due at once
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = TimeToCommit();
            if (wait > TimeSpan.Zero)
            {
                scope.Commits.Wait(wait);
                continue;
            }

            CommitOnce(cancellationToken);
        }
    }

    public void Dispose() => _sender.Dispose();

    private TimeSpan TimeToCommit()
    {
        var need = CommitNeed.None;
        foreach (var runner in scope.Runners.Values)
        {
            if (runner.Outbox?.Need() is { } wanted && wanted > need)
            {
                need = wanted;
            }
        }

        var since = scope.Time.GetElapsedTime(_last);
        return need switch
        {
            CommitNeed.Flush => TimeSpan.Zero,
            CommitNeed.Output => scope.Options.CommitInterval - since,
            CommitNeed.Position => scope.Options.PositionInterval - since,
            _ => Idle,
        };
    }

    private void CommitOnce(CancellationToken cancellationToken)
    {
        var taken = new List<(PartitionOutbox Outbox, PendingCommit Pending)>();
        foreach (var runner in scope.Runners.Values)
        {
            if (runner.Outbox is { } outbox && outbox.Take() is { } pending)
            {
                taken.Add((outbox, pending));
            }
        }

        if (taken.Count == 0)
        {
            return;
        }

        _last = scope.Time.GetTimestamp();
        var offsets = taken
            .SelectMany(entry => entry.Pending.Positions.Select(position => new TopicPartitionOffset(position.Key, entry.Outbox.Partition, position.Value)))
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

    private void Send(List<(PartitionOutbox Outbox, PendingCommit Pending)> taken, List<TopicPartitionOffset> offsets, CancellationToken cancellationToken)
    {
        var placed = true;
        try
        {
            _sender.Commit(taken.SelectMany(entry => entry.Pending.Messages), offsets, () => Member(taken), cancellationToken);
            if (scope.Clients.Embedded)
            {
                placed = TryCommitEmbedded(offsets); // the embedded broker takes the transaction's offsets and forgets them
            }
        }
        catch (CommitAbortedException fault)
        {
            scope.Logger.CommitAborted(fault, scope.Group);
            taken.ForEach(entry => entry.Outbox.Aborted());
            foreach (var runner in scope.Runners.Values)
            {
                runner.Fail(fault);
            }

            return;
        }

        Done(taken, transaction: true);
        if (!placed)
        {
            taken.ForEach(entry => entry.Outbox.Return(entry.Pending with { Messages = [] }));
        }
    }

    private void Move(List<(PartitionOutbox Outbox, PendingCommit Pending)> taken, List<TopicPartitionOffset> offsets)
    {
        try
        {
            consumer.Commit(offsets);
        }
        catch (KafkaException fault) when (BrokerFaults.Transient(fault))
        {
            // Nothing hangs on these positions yet: the next round takes them along, or the partition is lost and they are void.
            scope.Logger.PositionsNotCommitted(fault.Error.Reason, scope.Group);
            foreach (var (outbox, pending) in taken)
            {
                outbox.Return(pending);
            }

            scope.Commits.Wait(Retry);
            return;
        }

        Done(taken, transaction: false);
    }

    // The embedded broker refuses positions while its group rebalances. When it goes on doing so the messages are out without their positions, which come with the next commit;
    // if the partition is given up before that, its next owner repeats the messages.
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
                if (scope.Time.GetElapsedTime(_last) > EmbeddedRebalance)
                {
                    scope.Logger.PositionsNotCommitted(fault.Error.Reason, scope.Group);
                    return false;
                }

                scope.Commits.Wait(Retry);
            }
        }
    }

    private void Done(List<(PartitionOutbox Outbox, PendingCommit Pending)> taken, bool transaction)
    {
        foreach (var (outbox, pending) in taken)
        {
            outbox.Done(pending);
        }

        scope.Metrics.Committed(scope.Group, transaction, scope.Time.GetElapsedTime(_last));
    }

    // Read before the ownership is checked. While the membership is lost the client knows no member id; once it has a new one, the poll thread has voided the
    // outboxes of the lost partitions. So no membership that passes here can belong to a later generation than the partitions. The broker refuses an earlier one.
    private IConsumerGroupMetadata Member(List<(PartitionOutbox Outbox, PendingCommit Pending)> taken)
    {
        var member = consumer.ConsumerGroupMetadata;
        if (string.IsNullOrEmpty(consumer.MemberId) || taken.Exists(entry => entry.Outbox.IsVoid))
        {
            throw new CommitAbortedException($"Partitions of {scope.Group} were given up before their commit", null);
        }

        return member;
    }
}
