using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Strata.Streaming.Records;

namespace Strata.Streaming.Telemetry;

/// <summary>Spans around sending and handling, and their W3C context in message headers.</summary>
internal static class Tracing
{
    public const string SourceName = "Strata.Streaming";
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    // A span with a link to each of thousands of records would be larger than the records.
    private const int MaxLinks = 128;

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? StartSend(string topic)
    {
        var activity = Source.StartActivity($"send {topic}", ActivityKind.Producer);
        activity?.SetTag(MessagingTags.System, MessagingTags.Kafka)
            .SetTag(MessagingTags.OperationName, "send")
            .SetTag(MessagingTags.OperationType, "send")
            .SetTag(MessagingTags.Destination, topic);
        return activity;
    }

    /// <summary>
    /// A span over one batch, linked to what sent its records. When a single trace sent them all, the span is part of it.
    /// </summary>
    public static Activity? StartBatch(string group, int partition, IReadOnlyList<StreamRecord> batch)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var links = new List<ActivityLink>();
        var one = true;
        foreach (var record in batch)
        {
            if (!TryExtract(record.Headers, out var context))
            {
                one = false;
                continue;
            }

            one &= links.Count == 0 || links[0].Context.TraceId == context.TraceId;
            if (links.Count < MaxLinks)
            {
                links.Add(new ActivityLink(context));
            }
        }

        var topic = batch[0].Topic;
        var parent = one && links.Count > 0 ? links[0].Context : default;
        var activity = Source.StartActivity(ActivityKind.Consumer, parent, links: links, name: $"process {topic}");
        activity?.SetTag(MessagingTags.System, MessagingTags.Kafka)
            .SetTag(MessagingTags.OperationName, "process")
            .SetTag(MessagingTags.OperationType, "process")
            .SetTag(MessagingTags.Destination, topic)
            .SetTag(MessagingTags.Partition, partition)
            .SetTag(MessagingTags.Group, group)
            .SetTag(MessagingTags.BatchCount, batch.Count);
        return activity;
    }

    public static void Failed(Activity? activity, Exception fault)
        => activity?.SetStatus(ActivityStatusCode.Error, fault.Message).SetTag(MessagingTags.ErrorType, fault.GetType().FullName);

    public static void Inject(Activity? activity, Headers headers)
    {
        if (activity is not { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            return;
        }

        headers.Add(TraceParent, Encoding.ASCII.GetBytes(id));
        if (activity.TraceStateString is { Length: > 0 } state)
        {
            headers.Add(TraceState, Encoding.ASCII.GetBytes(state));
        }
    }

    public static bool TryExtract(IReadOnlyList<KeyValuePair<string, byte[]>> headers, out ActivityContext context)
    {
        string? parent = null;
        string? state = null;
        foreach (var (name, value) in headers)
        {
            if (name == TraceParent)
            {
                parent = Encoding.ASCII.GetString(value);
            }
            else if (name == TraceState)
            {
                state = Encoding.ASCII.GetString(value);
            }
        }

        return ActivityContext.TryParse(parent, state, isRemote: true, out context);
    }
}
