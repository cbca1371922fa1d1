using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.Streaming.Records;

namespace Strata.Streaming.Connecting;

/// <summary>
/// Makes the Kafka clients of this process: our defaults, then the configured settings over them, then what Strata's promises hang on.
/// </summary>
internal sealed class KafkaClients
{
    private static readonly Dictionary<string, string> Nothing = [];
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly StreamingConfiguration _configuration;
    private readonly StreamingOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(string Client, ErrorCode Code), long> _told = new();

    public KafkaClients(
        StreamingConfiguration configuration,
        IOptions<StreamingOptions> options,
        ILogger<KafkaClients> logger,
        TimeProvider time)
    {
        _configuration = configuration;
        _options = options.Value;
        _logger = logger;
        _time = time;
        Instance = _options.InstanceId.Length > 0 ? _options.InstanceId : $"{Environment.MachineName}-{Guid.NewGuid():N}";
    }

    /// <summary>Name of this process among its peers.</summary>
    public string Instance { get; }

    /// <summary>Whether that name was given, so that a process of before may have had it and left a transaction open.</summary>
    public bool Named => _options.InstanceId.Length > 0 && !Embedded;

    public bool Embedded => _options.Embedded;

    public TimeSpan RequestTimeout => _options.RequestTimeout;

    /// <summary>How long a message may take to its acknowledgement.</summary>
    public TimeSpan DeliveryBudget
        => TimeSpan.FromMilliseconds(double.Parse(Publishing()["message.timeout.ms"], CultureInfo.InvariantCulture));

    /// <summary>Bytes of the largest message that this process sends.</summary>
    public int MessageLimit
        => Publishing().TryGetValue("message.max.bytes", out var bytes) ? int.Parse(bytes, CultureInfo.InvariantCulture) : 1_000_000;

    public SharedClient<IAdminClient> Admin()
        => new(new AdminClientBuilder(new AdminClientConfig(Settings(Nothing)))
            .SetLogHandler((_, line) => Write(line))
            .SetErrorHandler((_, error) => Report("admin", error))
            .Build());

    /// <summary>A member of a consumer group. Its rebalance handlers are the caller's.</summary>
    /// <param name="group">The group.</param>
    /// <param name="coPartitioned">Whether it reads several topics by the same partition numbers.</param>
    /// <param name="minFetchBytes">
    /// For how much the broker holds a fetch; the embedded one, which would always hold it, is not asked to.
    /// </param>
    public ConsumerBuilder<RecordKey, byte[]?> Member(string group, bool coPartitioned, int minFetchBytes = 1)
    {
        var config = new ConsumerConfig(Reading(patient: minFetchBytes > 1))
        {
            GroupId = group,
            FetchMinBytes = Embedded ? 1 : minFetchBytes,
            PartitionAssignmentStrategy = coPartitioned ? PartitionAssignmentStrategy.Range : PartitionAssignmentStrategy.CooperativeSticky,
        };
        return Consumer(group, config);
    }

    /// <summary>A reader of partitions outside of any group.</summary>
    public IConsumer<RecordKey, byte[]?> Reader(string name)
        => Consumer(name, new ConsumerConfig(Reading(patient: true)) { GroupId = $"{name}-{Instance}" }).Build();

    public SharedClient<IProducer<byte[]?, byte[]?>> Publisher()
        => new(Producer("publisher", new ProducerConfig(Publishing()), () => { }));

    public TransactionalProducer Transactional(string transactionalId)
    {
        // Readers of committed records wait this long for what a crashed process left open.
        var settings = Writing(("transaction.timeout.ms", "20000"));
        settings.Remove("message.timeout.ms"); // the transaction's time is the message's time
        settings["transactional.id"] = transactionalId;
        return new TransactionalProducer(wrong => Producer(transactionalId, new ProducerConfig(settings), wrong));
    }

    private ConsumerBuilder<RecordKey, byte[]?> Consumer(string name, ConsumerConfig config)
        => new ConsumerBuilder<RecordKey, byte[]?>(config)
            .SetKeyDeserializer(RecordKey.Deserializer)
            .SetValueDeserializer(Deserializers.ByteArray)
            .SetLogHandler((_, line) => Write(line))
            .SetErrorHandler((_, error) => Report(name, error));

    private IProducer<byte[]?, byte[]?> Producer(string name, ProducerConfig config, Action wrong)
        => new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetLogHandler((_, line) => Write(line))
            .SetErrorHandler((_, error) =>
            {
                wrong();
                Report(name, error);
            })
            .Build();

    private Dictionary<string, string> Reading(bool patient)
    {
        var settings = Settings(
            _configuration.Consumer,
            // The embedded broker rebalances only after this time less a second.
            ("session.timeout.ms", Embedded ? "3000" : "10000"),
            // A member learns of a rebalance by its heartbeat.
            ("heartbeat.interval.ms", Embedded ? "300" : "1000"),
            // A record ends the wait at once; how long an empty fetch lies with the broker says how much an idle system costs. A broker
            // answers one request of a connection after the other, so whatever follows one (a resumed or newly sought partition) waits this
            // long. The embedded broker answers an empty fetch only at the end of it, even when a record came: readers whom nobody waits
            // for ask it less often.
            ("fetch.wait.max.ms", Embedded ? (patient ? "50" : "10") : "500"),
            // What is fetched ahead is thrown away when a partition is paused.
            ("queued.min.messages", "10000"),
            // How long a full queue waits before it is filled again; with the client's 1000 six times slower.
            ("fetch.queue.backoff.ms", "20"),
            ("queued.max.messages.kbytes", "16384"));
        settings["enable.auto.commit"] = "false";
        settings["enable.auto.offset.store"] = "false";
        settings["enable.partition.eof"] = "true";
        settings["isolation.level"] = "read_committed";
        settings["auto.offset.reset"] = "earliest";
        settings["allow.auto.create.topics"] = Embedded ? "true" : "false";
        return settings;
    }

    // The client's own defaults are five minutes, a hundred thousand messages and a gigabyte: what waits for a broker that is away would
    // take all memory. What does not fit is refused, and its caller told to come again.
    internal Dictionary<string, string> Publishing() => Writing(
        ("message.timeout.ms", "30000"),
        ("queue.buffering.max.messages", "20000"),
        ("queue.buffering.max.kbytes", "65536"));

    private Dictionary<string, string> Writing(params (string Key, string Value)[] defaults)
    {
        // The embedded broker keeps some megabytes of a partition, counted as they come; packing costs it and saves nobody anything.
        var settings = Settings(
            _configuration.Producer, [("linger.ms", "2"), ("compression.type", Embedded ? "none" : "lz4"), .. defaults]);
        settings["acks"] = "all";
        settings["enable.idempotence"] = "true";
        settings["partitioner"] = "murmur2_random"; // murmur2 for every key, any partition for none, as Kafka's Java clients
        return settings;
    }

    private Dictionary<string, string> Settings(
        IReadOnlyDictionary<string, string> configured, params (string Key, string Value)[] defaults)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["client.id"] = $"strata-{Instance}",
            ["socket.keepalive.enable"] = "true",
            // A gateway that forgot a connection tells neither end: only this finds out, and the client's minute is long.
            ["socket.timeout.ms"] = _options.RequestTimeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture),
            ["log.connection.close"] = "false", // idle connections are closed by brokers all day long
            ["reconnect.backoff.max.ms"] = "2000",
        };
        foreach (var (key, value) in defaults)
        {
            settings[key] = value;
        }

        foreach (var (key, value) in _configuration.Client.Concat(configured))
        {
            settings[key] = value;
        }

        if (_options.BootstrapServers.Length > 0)
        {
            settings["bootstrap.servers"] = _options.BootstrapServers;
        }

        return settings;
    }

    // The client writes what it also reports as an error, so its own lines stay low.
    private void Write(LogMessage line)
        => _logger.ClientLine(line.Level switch
        {
            SyslogLevel.Emergency or SyslogLevel.Alert or SyslogLevel.Critical => LogLevel.Error,
            SyslogLevel.Warning or SyslogLevel.Notice => LogLevel.Information,
            _ => LogLevel.Debug,
        }, line.Name, line.Message);

    private void Report(string client, Error error)
    {
        if (error.IsFatal)
        {
            _logger.ClientFatal(client, error.Reason);
            return;
        }

        // Every client tells every two seconds that a broker is away: once in a while is enough.
        var now = _time.GetTimestamp();
        var told = _told.AddOrUpdate((client, error.Code), now, (_, last) => _time.GetElapsedTime(last, now) < Silence ? last : now);
        _logger.ClientError(told == now ? LogLevel.Warning : LogLevel.Debug, client, error.Code.ToString(), error.Reason);
    }
}
