using System.Diagnostics.Metrics;
using System.Globalization;

namespace Strata.Console;

/// <summary>
/// How far each consumer of the process is behind in each of its partitions, when it is asked for: by the gauges that Prometheus would
/// scrape.
/// </summary>
public sealed class PartitionLags : IDisposable
{
    private const string Records = "strata.stream.lag";
    private const string Age = "strata.stream.lag.age";
    private const string Group = "messaging.consumer.group.name";
    private const string Topic = "messaging.destination.name";
    private const string Partition = "messaging.destination.partition.id";

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Group, string Topic, int Partition), (long Records, double Seconds)> _read = [];

    /// <summary>Begins to listen.</summary>
    public PartitionLags()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is Records or Age)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Take(tags, (was) => (value, was.Seconds)));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Take(tags, (was) => (was.Records, value)));
        _listener.Start();
    }

    /// <summary>One row for each partition that a consumer of this process owns, by consumer, topic and partition.</summary>
    public IReadOnlyList<PartitionLag> Read()
    {
        lock (_lock)
        {
            _read.Clear(); // a partition that went to somebody else is theirs to tell of
            _listener.RecordObservableInstruments();
            return
            [
                .. _read.OrderBy(entry => entry.Key.Group, StringComparer.Ordinal).ThenBy(entry => entry.Key.Topic, StringComparer.Ordinal)
                    .ThenBy(entry => entry.Key.Partition).Select(entry => new PartitionLag(
                        entry.Key.Group, entry.Key.Topic, entry.Key.Partition, entry.Value.Records, entry.Value.Seconds)),
            ];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    // Called by RecordObservableInstruments alone, so within the lock.
    private void Take(
        ReadOnlySpan<KeyValuePair<string, object?>> tags,
        Func<(long Records, double Seconds), (long Records, double Seconds)> with)
    {
        var (group, topic, partition) = ("", "", -1);
        foreach (var (key, value) in tags)
        {
            switch (key)
            {
                case Group:
                    group = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
                    break;
                case Topic:
                    topic = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
                    break;
                case Partition:
                    partition = Convert.ToInt32(value, CultureInfo.InvariantCulture);
                    break;
            }
        }

        _read[(group, topic, partition)] = with(_read.GetValueOrDefault((group, topic, partition)));
    }
}

/// <summary>How far a consumer is behind in a partition.</summary>
/// <param name="Group">The consumer; a table's begins with "table:".</param>
/// <param name="Topic">What it reads.</param>
/// <param name="Partition">Of the topic.</param>
/// <param name="Records">Records between its committed position and the end of the log.</param>
/// <param name="Seconds">Age of the oldest of them; 0: there is none.</param>
public sealed record PartitionLag(string Group, string Topic, int Partition, long Records, double Seconds);
