using Confluent.Kafka;
using Strata.Streaming.Connecting;
using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Committing;

/// <summary>
/// Sends messages and offsets in one Kafka transaction. Made on first use: most consumers of stores never send. A producer in doubt is
/// replaced by one of the same id, which ends what that one left open. Used by the commit thread only.
/// </summary>
internal sealed class TransactionalSender(
    KafkaClients clients, ConsumerEnvironment consumer, TransactionalNames names) : IDisposable
{
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(3);
    private TransactionalProducer? _producer;

    /// <summary>Takes over from a producer that was abandoned: ends the transaction that it may have left open.</summary>
    public void TakeOver(CancellationToken cancellationToken)
    {
        try
        {
            Open(cancellationToken);
        }
        catch (KafkaException fault)
        {
            consumer.Logger.TakeOverFailed(fault.Error.Reason, consumer.Group);
            Discard();
            names.Renew();
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

    private void Abort(CancellationToken cancellationToken)
    {
        if (_producer is not { } producer)
        {
            return;
        }

        try
        {
            if (!producer.Doubtful)
            {
                Persist(producer, client => client.AbortTransaction(Attempt), cancellationToken);
                return;
            }
        }
        catch (Exception fault) when (fault is KafkaException or OperationCanceledException)
        {
            consumer.Logger.AbortFailed(consumer.Group, fault.Message);
        }

        // Its transaction is ended now: positions that depend on it are not answered before.
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
