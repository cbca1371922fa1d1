using Google.Protobuf;
using Strata.Edge.Requests;
using Strata.Streaming.Publishing;

namespace Strata.Ingestion.Telemetry;

/// <summary>Publishes what a call puts together, all or none, timed.</summary>
internal static class BatchPublishing
{
    /// <summary>
    /// Publishes messages by key; the message that cannot be sent at all is named by its place in <paramref name="field"/>.
    /// </summary>
    public static async Task<IReadOnlyList<PublishedPosition>> PublishAsync(
        this IBatchPublisher publisher,
        string topic,
        string field,
        IReadOnlyList<KeyValuePair<string, IMessage>> messages,
        DateTimeOffset now,
        IngestionMetrics metrics,
        CancellationToken cancellationToken)
    {
        try
        {
            return await metrics.PublishingAsync(topic, () => publisher.PublishAllAsync(topic, messages, now, cancellationToken));
        }
        catch (PublishException fault) when (fault.Index is { } index)
        {
            throw new InvalidRequestException($"{field}[{index}]", fault.Message);
        }
    }
}
