using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Strata.Streaming.Connecting;
using Strata.Streaming.Records;
using Strata.Streaming.Telemetry;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Publishing;

/// <summary>
/// Publishes batches through one transactional producer, one after the other. A transaction that fails ends its producer: the next one has
/// the same transactional id, so that the broker ends what was left open before it begins anything.
/// </summary>
internal sealed class KafkaBatchPublisher(
    KafkaClients clients, ITopics topics, StreamingMetrics metrics, TimeProvider time, ILogger<KafkaBatchPublisher> logger)
    : IBatchPublisher, IDisposable
{
    /// <summary>Batches that wait for their turn; more are refused, since each waits in memory.</summary>
    private const int MostWaiting = 16;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);
    private TransactionalProducer? _producer;
    private int _waiting;

    public async Task<IReadOnlyList<PublishedPosition>> PublishAllAsync(
        string topic,
        IReadOnlyList<KeyValuePair<string, IMessage>> messages,
        DateTimeOffset timestamp,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentNullException.ThrowIfNull(messages);
        await topics.LogAsync(topic, 0, cancellationToken);
        var outgoing = messages
            .Select(message => OutgoingMessage.Of(topic, message.Key, message.Value.ToByteArray(), timestamp, null))
            .ToArray();
        CheckSizes(outgoing);
        await TakeTurnAsync(topic, cancellationToken);
        var transaction = Task.Run(() => InTurnAsync(outgoing), CancellationToken.None);
        var reports = await transaction.WaitAsync(cancellationToken);
        metrics.Sent(topic, reports.Length);
        var positions = new PublishedPosition[reports.Length];
        for (var i = 0; i < positions.Length; i++)
        {
            var partition = reports[i].Partition.Value;
            positions[i] = new PublishedPosition(
                partition, reports[i].Offset.Value, await topics.LogAsync(topic, partition, CancellationToken.None));
        }

        return positions;
    }

    public void Dispose()
    {
        // A transaction that nobody waits for any more still holds the client.
        if (_turn.Wait(LastWords))
        {
            _producer?.Dispose();
            _turn.Dispose();
        }
    }

    // Before anything is sent: nothing has to be taken back, and the message to blame is known.
    private void CheckSizes(OutgoingMessage[] messages)
    {
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i].Size > clients.MessageLimit)
            {
                throw TooLarge(messages[i], i, $"this process sends at most {clients.MessageLimit}", null);
            }
        }
    }

    private async Task TakeTurnAsync(string topic, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new PublishException($"{MostWaiting} batches wait to be sent to {topic} already") { Transient = true, Full = true };
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<DeliveryResult<byte[]?, byte[]?>[]> InTurnAsync(OutgoingMessage[] messages)
    {
        try
        {
            if (_producer is { Doubtful: true })
            {
                Discard();
            }

            var producer = (_producer ??= Begun()).Client;
            producer.BeginTransaction();
            var sent = messages.Select(message => producer.ProduceAsync(message.Destination, message.Message)).ToArray();
            var reports = await Task.WhenAll(sent).WaitAsync(clients.DeliveryBudget, time);
            producer.CommitTransaction(clients.DeliveryBudget);
            return reports;
        }
        catch (Exception fault) when (fault is KafkaException or TimeoutException)
        {
            Abandon(fault);
            throw Refused(messages, fault);
        }
        finally
        {
            _turn.Release();
        }
    }

    private TransactionalProducer Begun()
    {
        var producer = clients.Transactional($"publisher-{clients.Instance}");
        try
        {
            // A broker that has just started makes its log of transactions first.
            producer.Client.InitTransactions(clients.DeliveryBudget);
            producer.Ready();
            return producer;
        }
        catch (KafkaException)
        {
            _ = Task.Run(producer.Dispose);
            throw;
        }
    }

    private void Abandon(Exception fault)
    {
        if (_producer is not null)
        {
            logger.BatchAborted(fault.Message);
            Discard();
        }
    }

    private void Discard()
    {
        if (_producer is { } dead)
        {
            _producer = null;
            _ = Task.Run(dead.Dispose);
        }
    }

    // A broker refuses what came together, whichever message was too large.
    private static PublishException Refused(OutgoingMessage[] messages, Exception fault)
    {
        var error = (fault as KafkaException)?.Error;
        if (error?.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsgSize)
        {
            var largest = Array.IndexOf(messages, messages.MaxBy(message => message.Size));
            return TooLarge(messages[largest], largest, error.Reason, fault);
        }

        return new PublishException($"{messages[0].Topic} did not take a batch of {messages.Length}: {fault.Message}", fault)
        {
            Transient = error is null || error.IsFatal || BrokerFaults.Transient(error) || BrokerFaults.Fenced(error)
                || fault is KafkaTxnRequiresAbortException,
        };
    }

    private static PublishException TooLarge(OutgoingMessage message, int index, string why, Exception? fault)
        => new(
            $"a message of {message.Size} bytes is too large for {message.Topic}: {why} "
                + "(settings message.max.bytes of the producer, max.message.bytes of the topic)",
            fault)
        {
            Index = index,
        };
}
