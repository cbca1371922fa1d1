using Confluent.Kafka;
using Strata.Streaming.Connecting;
using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Committing;

/// <summary>
/// Sends messages and offsets in one Kafka transaction. Made on first use: most consumers of stores never send. A producer in doubt is
/// replaced by one of the same id, which ends what that one left open. Used by the commit thread only.
/// </summary>
/// <param name="clients">Makes the producers.</param>
/// <param name="consumer">Whose messages.</param>
/// <param name="names">Transactional ids.</param>
/// <param name="membership">The group's membership, if there is one at that time.</param>
/// <param name="anywhere">A partition that the group reads.</param>
internal sealed class TransactionalSender(
    KafkaClients clients,
    ConsumerEnvironment consumer,
    TransactionalNames names,
    Func<IConsumerGroupMetadata> membership,
    TopicPartition anywhere) : IDisposable
{
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(3);
    private TransactionalProducer? _producer;

    /// <summary>Takes over from a producer that was abandoned: ends the transaction that it may have left.</summary>
    public void TakeOver(CancellationToken cancellationToken)
    {
        try
        {
            for (var swept = false; !swept;)
            {
                Discard();
                swept = Sweep(Open(cancellationToken), cancellationToken);
            }
        }
        catch (KafkaException fault)
        {
            consumer.Logger.TakeOverFailed(fault.Error.Reason, consumer.Group);
            names.Renew();
        }
        finally
        {
            Discard(); // what of it is still under way is of an epoch that its successor ends
        }
    }

    /// <summary>Commits, or throws <see cref="CommitAbortedException"/>; any other exception ends the host.</summary>
    /// <param name="messages">What to send, in order.</param>
    /// <param name="offsets">Positions that go with it.</param>
    /// <param name="member">
    /// Reads the group membership that the broker checks the offsets against; throws <see cref="CommitAbortedException"/> when it is lost.
    /// </param>
    /// <param name="cancellationToken">Ends waiting for a broker that doesn't answer.</param>
    public void Commit(
        IEnumerable<OutgoingMessage> messages,
        IReadOnlyList<TopicPartitionOffset> offsets,
        Func<IConsumerGroupMetadata> member,
        CancellationToken cancellationToken)
    {
        try
        {
            if (_producer is { Doubtful: true })
            {
                Discard();
            }

            var producer = _producer ?? Open(cancellationToken);
            producer.Client.BeginTransaction();
            var sent = Produce(producer.Client, messages, cancellationToken);
            Persist(producer, client => client.SendOffsetsToTransaction(offsets, member(), Attempt), cancellationToken);
            Persist(producer, client => client.CommitTransaction(Attempt), cancellationToken);
            foreach (var (topic, count) in sent)
            {
                consumer.Metrics.Sent(topic, count);
            }
        }
        catch (KafkaException fault) when (fault.Error.IsFatal)
        {
            Discard();
            names.Renew();
            throw BrokerFaults.Fenced(fault.Error)
                ? new CommitAbortedException($"The transactional producer of {consumer.Group} was fenced: {fault.Error.Reason}", fault)
                : new InvalidOperationException($"The transactional producer of {consumer.Group} can't go on: {fault.Error.Reason}", fault);
        }
        catch (KafkaException fault)
        {
            Abort(cancellationToken);
            throw new CommitAbortedException($"A transaction of {consumer.Group} was aborted: {fault.Error.Reason}", fault);
        }
        catch (CommitAbortedException)
        {
            Abort(cancellationToken);
            throw;
        }
        catch (OperationCanceledException)
        {
            Discard(); // no time left: the next producer of this id ends the open transaction, or the broker by itself
            throw;
        }
    }

    public void Dispose() => Discard();

    private static Dictionary<string, long> Produce(
        IProducer<byte[]?, byte[]?> producer, IEnumerable<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var sent = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    producer.Produce(message.Destination, message.Message);
                    break;
                }
                catch (ProduceException<byte[]?, byte[]?> fault) when (fault.Error.Code == ErrorCode.Local_QueueFull)
                {
                    producer.Poll(TimeSpan.FromMilliseconds(100)); // the client's own queue: it empties as the broker acknowledges
                }
                catch (ProduceException<byte[]?, byte[]?> fault)
                {
                    var reason = $"{message.Topic} refuses a message of {message.Message.Value?.Length ?? 0} bytes: {fault.Error.Reason}";
                    throw new KafkaException(new Error(fault.Error.Code, reason, fault.Error.IsFatal), fault);
                }
            }

            sent[message.Topic] = sent.GetValueOrDefault(message.Topic) + 1;
        }

        return sent;
    }

    // The client allows, and wants, the same call again after a fault that may pass.
    private static void Persist(
        TransactionalProducer producer, Action<IProducer<byte[]?, byte[]?>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                call(producer.Client);
                return;
            }
            catch (KafkaRetriableException) when (!producer.Doubtful)
            {
            }
        }
    }

    private TransactionalProducer Open(CancellationToken cancellationToken)
    {
        var id = names.Use();
        _producer = clients.Transactional(id);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _producer.Client.InitTransactions(Attempt);
                break;
            }
            catch (KafkaRetriableException)
            {
                // the broker is away: it is waited for
            }
        }

        _producer.Ready();
        consumer.Logger.TransactionsReady(consumer.Group, id);
        return _producer;
    }

    // A broker that starts again while it knows no leader of a partition takes the partition for deleted, ends what was being committed
    // without its marker there, and from then on does not answer the positions in it. A marker of the same producer, of whatever
    // transaction, ends them. Aborted positions are read again, and the messages that come with them end what hangs in their partitions.
    // False: the broker went away meanwhile.
    private bool Sweep(TransactionalProducer producer, CancellationToken cancellationToken)
    {
        if (clients.Embedded)
        {
            return true;
        }

        producer.Client.BeginTransaction();
        try
        {
            Name(producer, cancellationToken);
            Persist(producer, client => client.AbortTransaction(Attempt), cancellationToken);
            return !producer.Doubtful; // answered before the marker is written
        }
        catch (KafkaException fault) when (!fault.Error.IsFatal && producer.Doubtful)
        {
            return false;
        }
    }

    private void Name(TransactionalProducer producer, CancellationToken cancellationToken)
    {
        try
        {
            Persist(
                producer,
                client => client.SendOffsetsToTransaction([new TopicPartitionOffset(anywhere, 0)], membership(), Attempt),
                cancellationToken);
        }
        catch (KafkaException fault) when (!fault.Error.IsFatal && !producer.Doubtful)
        {
            // A membership that is over, or a group that is loaded still: its partition was named before that, and gets the marker.
        }
    }

    // By a new producer: what one that aborted has under way could come in with its next transaction, whose epoch is the same. Now, since
    // positions that depend on the transaction are not answered before.
    private void Abort(CancellationToken cancellationToken)
    {
        if (_producer is null)
        {
            return;
        }

        Discard();
        try
        {
            TakeOver(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Discard(); // no time left: the broker ends it by itself
        }
    }

    private void Discard()
    {
        // Not waited for: after a broker that hung the client may take minutes to let go.
        if (Interlocked.Exchange(ref _producer, null) is { } dead)
        {
            _ = Task.Run(dead.Dispose);
        }
    }
}
