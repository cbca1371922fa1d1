using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Strata.Streaming.Telemetry;

/// <summary>Tags name topics, partitions and groups, never users or items.</summary>
internal sealed class StreamingMetrics : IDisposable
{
    public const string MeterName = "Strata.Streaming";

    private const string Cause = "strata.stream.cause";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _restarts;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _publish;
    private readonly Histogram<double> _handle;
    private readonly Histogram<double> _commit;
    private readonly ConcurrentDictionary<(string Group, string Topic, int Partition), (long Records, TimeSpan Age)> _lag = new();

    public StreamingMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _sent = _meter.CreateCounter<long>(
            "messaging.client.sent.messages", "{message}", "Messages sent, by topic; failed ones carry error.type.");
        _consumed = _meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Records handed to handlers and tables.");
        _publish = _meter.CreateHistogram(
            "messaging.client.operation.duration",
            "s",
            "Time from publishing a message to the broker's acknowledgement.",
            advice: Seconds);
        _handle = _meter.CreateHistogram("messaging.process.duration", "s", "Time a handler takes for a batch.", advice: Seconds);
        _batchSize = _meter.CreateHistogram<int>("strata.stream.batch.size", "{record}", "Records in a batch.");
        _commit = _meter.CreateHistogram(
            "strata.stream.commit.duration", "s", "Time of a commit, transactional or of positions only.", advice: Seconds);
        _deadLetters = _meter.CreateCounter<long>(
            "strata.stream.dead_letters", "{record}", "Records that can never succeed, by source topic.");
        _skipped = _meter.CreateCounter<long>(
            "strata.stream.skipped", "{record}", "Records of compacted topics that tables and restores leave out, by topic.");
        _restarts = _meter.CreateCounter<long>(
            "strata.stream.restarts", "{restart}", "Partitions started again from the committed position, by cause.");
        _meter.CreateObservableGauge(
            "strata.stream.lag",
            () => Observe(lag => lag.Records),
            "{record}",
            "Records between the committed position and the end of the log, by group and partition.");
        _meter.CreateObservableGauge(
            "strata.stream.lag.age",
            () => Observe(lag => lag.Age.TotalSeconds),
            "s",
            "Age of the oldest record that is not committed, by group and partition; 0: there is none.");
    }

    public void Sent(string topic, long count, string? error = null)
    {
        var tags = new TagList { { MessagingTags.System, MessagingTags.Kafka }, { MessagingTags.Destination, topic } };
        if (error is not null)
        {
            tags.Add(MessagingTags.ErrorType, error);
        }

        _sent.Add(count, tags);
    }

    public void Published(string topic, TimeSpan duration)
        => _publish.Record(
            duration.TotalSeconds,
            new TagList
            {
                { MessagingTags.System, MessagingTags.Kafka },
                { MessagingTags.OperationName, "send" },
                { MessagingTags.Destination, topic },
            });

    public void Consumed(string group, string topic, long count)
        => _consumed.Add(
            count,
            new TagList
            {
                { MessagingTags.System, MessagingTags.Kafka },
                { MessagingTags.Group, group },
                { MessagingTags.Destination, topic },
            });

    public void Handled(string group, int records, TimeSpan duration, string? error = null)
    {
        var tags = new TagList { { MessagingTags.Group, group } };
        _batchSize.Record(records, tags);
        if (error is not null)
        {
            tags.Add(MessagingTags.ErrorType, error);
        }

        _handle.Record(duration.TotalSeconds, tags);
    }

    public void Committed(string group, bool transaction, TimeSpan duration)
        => _commit.Record(
            duration.TotalSeconds, new TagList { { MessagingTags.Group, group }, { "strata.stream.transaction", transaction } });

    public void DeadLetter(string group, string topic)
        => _deadLetters.Add(1, new TagList { { MessagingTags.Group, group }, { MessagingTags.Destination, topic } });

    public void Skipped(string group, string topic)
        => _skipped.Add(1, new TagList { { MessagingTags.Group, group }, { MessagingTags.Destination, topic } });

    /// <summary>A partition begins again, or all of a consumer that stood still.</summary>
    public void Restarted(string group, RestartCause cause, string error)
        => _restarts.Add(
            1,
            new TagList
            {
                { MessagingTags.Group, group },
                { Cause, cause.ToString().ToLowerInvariant() },
                { MessagingTags.ErrorType, error },
            });

    /// <summary>
    /// A consumer begins: what may happen to it has not happened yet, and a count that begins at nothing is one that can be seen to grow.
    /// </summary>
    public void Consumes(string group, IReadOnlyList<string> topics)
    {
        foreach (var topic in topics)
        {
            _deadLetters.Add(0, new TagList { { MessagingTags.Group, group }, { MessagingTags.Destination, topic } });
        }

        foreach (var cause in Enum.GetNames<RestartCause>())
        {
            _restarts.Add(0, new TagList { { MessagingTags.Group, group }, { Cause, cause.ToLowerInvariant() } });
        }
    }

    /// <summary>A table begins.</summary>
    public void Follows(string group, IReadOnlyList<string> topics)
    {
        foreach (var topic in topics)
        {
            _skipped.Add(0, new TagList { { MessagingTags.Group, group }, { MessagingTags.Destination, topic } });
        }
    }

    public void Lag(string group, string topic, int partition, long records, TimeSpan age)
        => _lag[(group, topic, partition)] = (records, age);

    public void NoLag(string group, string topic, int partition) => _lag.TryRemove((group, topic, partition), out _);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> Observe<T>(Func<(long Records, TimeSpan Age), T> value)
        where T : struct
        => _lag.Select(entry => new Measurement<T>(
            value(entry.Value),
            new TagList
            {
                { MessagingTags.Group, entry.Key.Group },
                { MessagingTags.Destination, entry.Key.Topic },
                { MessagingTags.Partition, entry.Key.Partition },
            }));
}
