using System.Text;
using Confluent.Kafka;
using Google.Protobuf;
using Strata.Chaos.Faults;
using Strata.Chaos.Promises;
using Strata.Contracts;
using Strata.Contracts.Bounds;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;

namespace Strata.Chaos.Checks;

/// <summary>
/// Follows every topic as a reader of committed records does, and checks what it sees on the way: versions of the layers only go up, and
/// an event makes one point.
/// </summary>
internal sealed class LogTail : IAsyncDisposable
{
    private readonly ViolationLog _violations;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, long> _last = [];
    private readonly HashSet<string> _events = new(StringComparer.Ordinal);
    private readonly HashSet<(int Partition, long Offset)> _points = [];
    private readonly HashSet<string> _features = new(StringComparer.Ordinal);
    private readonly Task _run;
    private ulong _version;
    private long _lastRecord = TimeProvider.System.GetTimestamp();

    public LogTail(string bootstrapServers, ViolationLog violations)
    {
        _violations = violations;
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "chaos-tail",
            IsolationLevel = IsolationLevel.ReadCommitted,
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchWaitMaxMs = 50,
            ReconnectBackoffMaxMs = 1000,
        }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        _consumer.Assign(Topics.All.SelectMany(topic => Enumerable.Range(0, topic.Partitions)
            .Select(partition => new TopicPartitionOffset(topic.Name, partition, Offset.Beginning))));
        _run = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Records read.</summary>
    public long Records { get; private set; }

    /// <summary>How long ago the last record came.</summary>
    public TimeSpan Quiet => TimeProvider.System.GetElapsedTime(Volatile.Read(ref _lastRecord));

    /// <summary>The version of the newest layer set; 0: none yet.</summary>
    public ulong LayerSetVersion => Volatile.Read(ref _version);

    /// <summary>Offset of the newest committed record of each partition that has one.</summary>
    public IReadOnlyDictionary<TopicPartition, long> Last()
    {
        lock (_lock)
        {
            return new Dictionary<TopicPartition, long>(_last);
        }
    }

    /// <summary>Of these event ids those that the log does not have.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<string> events)
    {
        lock (_lock)
        {
            return [.. events.Where(id => !_events.Contains(id))];
        }
    }

    /// <summary>Whether the features of an item were ever published.</summary>
    public bool HasFeatures(string itemId)
    {
        lock (_lock)
        {
            return _features.Contains(itemId);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
        _consumer.Dispose();
        _end.Dispose();
    }

    private void Run()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                if (_consumer.Consume(100) is { } result)
                {
                    Volatile.Write(ref _lastRecord, TimeProvider.System.GetTimestamp());
                    lock (_lock)
                    {
                        Records++;
                        _last[result.TopicPartition] = result.Offset.Value;
                        Look(result);
                    }
                }
            }
            catch (ConsumeException fault) when (!fault.Error.IsFatal)
            {
                // A broker is away: the client goes on by itself.
            }
        }
    }

    private void Look(ConsumeResult<byte[]?, byte[]?> result)
    {
        var (key, value) = (result.Message.Key is { } bytes ? Encoding.UTF8.GetString(bytes) : "", result.Message.Value);
        switch (result.Topic)
        {
            case Topics.Events when Read(UserEvent.Parser, value) is { } act:
                _events.Add(act.EventId);
                break;
            case Topics.ItemFeatures when value is not null:
                _features.Add(key);
                break;
            case Topics.InterestPoints when Read(InterestPoint.Parser, value) is { } point && !IsPoison(result):
                if (!_points.Add((result.Partition.Value, point.EventOffset)))
                {
                    _violations.Add(
                        "every point once",
                        $"event {point.EventOffset} of partition {result.Partition.Value} has a second point at {result.Offset.Value}");
                }

                break;
            case Topics.Layers when key == "set" && Read(LayerSetMarker.Parser, value) is { } marker && !IsPoison(result):
                if (marker.Version < _version)
                {
                    _violations.Add("versions only go up", $"version {marker.Version} lies behind {_version} at {result.Offset.Value}");
                }

                Volatile.Write(ref _version, marker.Version);
                break;
        }
    }

    private static bool IsPoison(ConsumeResult<byte[]?, byte[]?> result)
        => result.Message.Headers.TryGetLastBytes(PoisonRecords.Header, out _);

    private static T? Read<T>(MessageParser<T> parser, byte[]? value)
        where T : class, IMessage<T>
    {
        try
        {
            return value is not null && parser.ParseFrom(value) is { } message && MessageBounds.Fault(message) is null ? message : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // poison
        }
    }
}
