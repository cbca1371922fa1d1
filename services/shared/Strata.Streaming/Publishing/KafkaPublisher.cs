using System.Diagnostics;
using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Strata.Streaming.Connecting;
using Strata.Streaming.Records;
using Strata.Streaming.Telemetry;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Publishing;

/// <summary>Publishes through one idempotent producer, which is replaced when the client declares it dead.</summary>
internal sealed class KafkaPublisher(
    KafkaClients clients,
    ITopics topics,
    StreamingMetrics metrics,
    TimeProvider time,
    ILogger<KafkaPublisher> logger) : IPublisher, IDisposable
{
    private static readonly TimeSpan FlushBudget = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private SharedClient<IProducer<byte[]?, byte[]?>>? _producer;
    private bool _disposed;

    public async Task<PublishedPosition> PublishAsync(
        string topic, string? key, IMessage? value, DateTimeOffset timestamp, CancellationToken cancellationToken, int? partition = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        await KnowTopicAsync(topic, cancellationToken);
        using var activity = Tracing.StartSend(topic);
        var started = time.GetTimestamp();
        var message = OutgoingMessage.Of(topic, key, value?.ToByteArray(), timestamp, partition);
        Tracing.Inject(activity ?? Activity.Current, message.Message.Headers);
        try
        {
            var report = await SendAsync(message, cancellationToken);
            metrics.Sent(topic, 1);
            metrics.Published(topic, time.GetElapsedTime(started));
            activity?.SetTag(MessagingTags.Partition, report.Partition.Value).SetTag(MessagingTags.Offset, report.Offset.Value);
            var log = await topics.LogAsync(topic, report.Partition.Value, CancellationToken.None);
            return new PublishedPosition(report.Partition.Value, report.Offset.Value, log);
        }
        catch (Exception fault)
        {
            Tracing.Failed(activity, fault);
            metrics.Sent(topic, 1, fault.GetType().Name);
            throw;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _producer?.Call(client => client.Flush(FlushBudget)); // nothing of ours is left: every caller waits for its own acknowledgement
            _producer?.Dispose();
            _producer = null;
        }
    }

    // Before anything is sent, so that nothing can fail or wait once the broker has the message.
    private async ValueTask KnowTopicAsync(string topic, CancellationToken cancellationToken)
    {
        var known = topics.LogAsync(topic, 0, cancellationToken);
        if (known.IsCompletedSuccessfully)
        {
            return;
        }

        try
        {
            await known.AsTask().WaitAsync(clients.DeliveryBudget, time, cancellationToken);
        }
        catch (TimeoutException fault)
        {
            metrics.Sent(topic, 1, nameof(TimeoutException));
            throw new PublishException($"The broker did not answer within {clients.DeliveryBudget} what {topic} is", fault)
            {
                Transient = true,
            };
        }
    }

    private async Task<DeliveryResult<byte[]?, byte[]?>> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var producer = Producer();
        try
        {
            return await producer.CallAsync(client => client.ProduceAsync(message.Destination, message.Message, cancellationToken));
        }
        catch (ObjectDisposedException fault) when (!Volatile.Read(ref _disposed))
        {
            throw new PublishException("The client was replaced just now", fault) { Transient = true };
        }
        catch (ProduceException<byte[]?, byte[]?> fault)
        {
            if (fault.Error.IsFatal)
            {
                Replace(producer, fault.Error);
            }

            throw Refused(message, fault);
        }
    }

    private static PublishException Refused(OutgoingMessage message, ProduceException<byte[]?, byte[]?> fault)
    {
        var error = fault.Error;
        var size = (message.Message.Key?.Length ?? 0) + (message.Message.Value?.Length ?? 0);
        var text = error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsgSize
            ? $"A message of {size} bytes is too large for {message.Topic}: {error.Reason} "
                + "(settings message.max.bytes of the producer, max.message.bytes of the topic)"
            : $"{message.Topic} did not take a message of {size} bytes: {error.Reason} ({error.Code})";
        return new PublishException(text, fault)
        {
            Transient = error.IsFatal || BrokerFaults.Transient(error),
            Full = error.Code is ErrorCode.Local_QueueFull,
        };
    }

    private SharedClient<IProducer<byte[]?, byte[]?>> Producer()
    {
        if (Volatile.Read(ref _producer) is { } producer)
        {
            return producer;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _producer ??= clients.Publisher();
        }
    }

    // A producer with a fatal error never sends again. What it had in hand is told to its callers as transient faults.
    private void Replace(SharedClient<IProducer<byte[]?, byte[]?>> dead, Error error)
    {
        lock (_lock)
        {
            if (_producer != dead)
            {
                return;
            }

            _producer = null;
        }

        logger.PublisherReplaced(error.Reason);
        _ = Task.Run(dead.Dispose);
    }
}
