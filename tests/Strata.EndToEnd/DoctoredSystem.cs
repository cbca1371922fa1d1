using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Google.Protobuf;
using StackExchange.Redis;
using Strata.Cli;
using Strata.Cli.Frame;
using Strata.Contracts;
using Strata.Contracts.DeadLetters.V1;
using Strata.Contracts.Events.V1;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;

namespace Strata.EndToEnd;

/// <summary>
/// A real Kafka and Redis with one thing after the other made wrong: <c>strata doctor</c> names each with its remedy; topics are made and
/// repaired, lag is told, dead letters are read, mended, sent again and discarded by the command line alone.
/// </summary>
[Trait("height", "real")]
public sealed class DoctoredSystem
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Doctor_OfKafkaAndRedisWithFaultsMade_NamesEachAndWhatMendsIt()
    {
        var (found, reason) = await BrokerChoice.RealAsync(1, Cancel);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        Assert.SkipUnless(RedisServerStore.IsAvailable, "no redis-server on the PATH");
        await using var store = await RedisServerStore.StartAsync(Cancel);
        string[] kafka = ["--kafka", broker.BootstrapServers];
        string[] doctor = ["doctor", .. kafka, "--redis", store.ConnectionString, "--watch", "1"];

        // Topics: none, then all, then three of them spoilt.
        var missing = await WrongAsync([.. doctor]);
        Assert.Contains(missing, text => text.StartsWith("strata.events.v1 is missing", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, (await RunAsync(["topics", "create", .. kafka])).Code);
        Assert.Equal([], await WrongAsync([.. doctor]));
        await SpoilTopicsAsync(broker);
        var spoilt = await WrongAsync(["topics", "check", .. kafka]);
        Assert.Contains(spoilt, text => text.Contains("strata.items.v1 has cleanup.policy=delete", StringComparison.Ordinal));
        Assert.Contains(spoilt, text => text.Contains("strata.users.v1 has 4 partitions where 12", StringComparison.Ordinal));
        Assert.Contains(spoilt, text => text.Contains("strata.events.v1 keeps records for 00:01:00", StringComparison.Ordinal));
        var repaired = await WrongAsync(["topics", "repair", .. kafka]);
        Assert.Contains("strata.users.v1 has 4 partitions", Assert.Single(repaired), StringComparison.Ordinal);

        // The store: each fault made and taken back.
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{store.ConnectionString},allowAdmin=true");
        var server = redis.GetServers()[0];
        await StoreFaultAsync("read-only", ["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]);
        await StoreFaultAsync("allkeys-lru", Config("maxmemory-policy", "allkeys-lru"), Config("maxmemory-policy", "noeviction"));
        await StoreFaultAsync("nothing is kept on disk", Config("appendonly", "no"), Config("appendonly", "yes"));
        await StoreFaultAsync("it is full", Config("maxmemory", "1"), Config("maxmemory", "0"));
        await StoreFaultAsync("refuses the user or password", Config("requirepass", "hush"), null);
        Assert.DoesNotContain(
            await WrongAsync([.. doctor[..3], "--redis", $"{store.ConnectionString},password=hush", "--watch", "1"]),
            text => text.Contains("password", StringComparison.Ordinal));

        // This machine: a port that somebody has, a model that is none; and nobody where a broker should be.
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var model = Directory.CreateTempSubdirectory("strata-model-");
        await File.WriteAllTextAsync(Path.Combine(model.FullName, "model.onnx"), "no model", Cancel);
        await File.WriteAllTextAsync(Path.Combine(model.FullName, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n", Cancel);
        var machine = await WrongAsync(
            ["doctor", "--kafka", "127.0.0.1:1", "--redis", "127.0.0.1:1", "--port", $"{port}", "--model", model.FullName]);
        model.Delete(recursive: true);
        Assert.Contains(machine, text => text.StartsWith("The broker at 127.0.0.1:1 does not answer", StringComparison.Ordinal));
        Assert.Contains(machine, text => text.StartsWith("the store at 127.0.0.1:1 does not answer", StringComparison.Ordinal));
        Assert.Contains($"port {port} cannot be taken: somebody listens there", machine);
        Assert.Contains(machine, text => text.Contains("cannot be used", StringComparison.Ordinal));

        async Task StoreFaultAsync(string named, object[] make, object[]? mend)
        {
            await server.ExecuteAsync((string)make[0], make[1..]);
            var faults = await WrongAsync([.. doctor]);
            if (mend is not null)
            {
                await server.ExecuteAsync((string)mend[0], mend[1..]);
            }

            Assert.Contains(
                named,
                Assert.Single(faults, text => !text.StartsWith("strata.users.v1", StringComparison.Ordinal)),
                StringComparison.Ordinal);
        }

        static object[] Config(string name, string value) => ["CONFIG", "SET", name, value];
    }

    [Fact]
    public async Task DeadLetters_OnARealKafka_AreReadMendedSentAgainAndDiscarded()
    {
        var (found, reason) = await BrokerChoice.RealAsync(1, Cancel);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        string[] kafka = ["--kafka", broker.BootstrapServers];
        Assert.Equal(ExitCode.Done, (await RunAsync(["topics", "create", .. kafka])).Code);
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers, Acks = Acks.All }).Build();
        await SetAsideAsync(producer, Topics.Events, "ann", new UserEvent { UserId = "ann", ItemId = "BEE-001" }.ToByteString());
        await SetAsideAsync(producer, Topics.Events, "bob", ByteString.CopyFrom(0xff, 0xff));
        await SetAsideAsync(producer, Topics.Items, "BEE-002", ByteString.CopyFrom(0xff));
        var file = Path.GetTempFileName();

        var listed = await IdsAsync(["dead-letters", "list", .. kafka]);
        var (_, shown, _) = await RunAsync(["dead-letters", "show", "strata.events.v1/0/0", .. kafka]);
        var asWas = await RunAsync(["dead-letters", "resend", "strata.events.v1/0/0", .. kafka]);
        await File.WriteAllTextAsync(file, """{"userId": "bob", "itemId": "BEE-003", "eventId": "mended"}""", Cancel);
        var mended = await RunAsync(["dead-letters", "resend", "strata.events.v1/0/1", "--message", file, .. kafka]);
        var discarded = await RunAsync(["dead-letters", "discard", "all", "--topic", Topics.Items, .. kafka]);
        var left = await IdsAsync(["dead-letters", "list", .. kafka]);
        var all = await IdsAsync(["dead-letters", "list", "--settled", .. kafka]);
        File.Delete(file);

        Assert.Equal(["strata.events.v1/0/0", "strata.events.v1/0/1", "strata.items.v1/0/0"], listed.Order(StringComparer.Ordinal));
        Assert.Contains("BEE-001", shown, StringComparison.Ordinal);
        Assert.All([asWas.Code, mended.Code, discarded.Code], code => Assert.Equal(ExitCode.Done, code));
        Assert.Empty(left);
        Assert.Equal(3, all.Count);
        var sent = Consume(broker, Topics.Events, 2)
            .Select(record => (record.Message.Key, UserEvent.Parser.ParseFrom(record.Message.Value).ItemId));
        Assert.Equal(
            [("ann", "BEE-001"), ("bob", "BEE-003")],
            sent.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    /// <summary>Two set their own way, one made anew with fewer partitions.</summary>
    private static async Task SpoilTopicsAsync(IBroker broker)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [Of(Topics.Items)] = [Set("cleanup.policy", "delete")],
            [Of(Topics.Events)] = [Set("retention.ms", "60000")],
        });
        await admin.DeleteTopicsAsync([Topics.Users]);
        while (admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Exists(topic => topic.Topic == Topics.Users))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }

        await admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = Topics.Users,
                NumPartitions = 4,
                Configs = new() { ["cleanup.policy"] = "compact" },
            },
        ]);
        while (admin.GetMetadata(Topics.Users, TimeSpan.FromSeconds(10)).Topics.Single().Partitions.Count < 4)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }

        static ConfigResource Of(string topic) => new() { Type = ResourceType.Topic, Name = topic };

        static ConfigEntry Set(string name, string value)
            => new() { Name = name, Value = value, IncrementalOperation = AlterConfigOpType.Set };
    }

    private static async Task SetAsideAsync(IProducer<string, byte[]> producer, string topic, string key, ByteString value)
        => await producer.ProduceAsync(Topics.DeadLettersOf(topic), new Message<string, byte[]>
        {
            Key = key,
            Value = new DeadLetter { Topic = topic, Key = ByteString.CopyFromUtf8(key), Value = value, Reason = "a test" }.ToByteArray(),
        });

    private static List<ConsumeResult<string, byte[]>> Consume(IBroker broker, string topic, int count)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = "looks-on",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe(topic);
        var records = new List<ConsumeResult<string, byte[]>>();
        while (records.Count < count)
        {
            Cancel.ThrowIfCancellationRequested();
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    /// <summary>What a command finds wrong.</summary>
    private static async Task<IReadOnlyList<string>> WrongAsync(string[] command)
    {
        var (code, output, said) = await RunAsync(command);
        Assert.True(output.Length > 0, said);
        var wrong = JsonDocument.Parse(output).RootElement.EnumerateArray()
            .Where(finding => finding.GetProperty("severity").GetString() == "Error").ToList();
        Assert.Equal(wrong.Count > 0 ? ExitCode.Failed : ExitCode.Done, code);
        Assert.All(wrong, finding => Assert.NotEmpty(finding.GetProperty("remedy").GetString()!));
        return [.. wrong.Select(finding => finding.GetProperty("text").GetString()!)];
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(string[] command)
    {
        var (code, output, said) = await RunAsync(command);
        Assert.True(code == ExitCode.Done, said);
        return [.. JsonDocument.Parse(output).RootElement.EnumerateArray().Select(letter => letter.GetProperty("id").GetString()!)];
    }

    private static async Task<(ExitCode Code, string Output, string Said)> RunAsync(string[] command)
    {
        var (output, said) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var code = await Commands.Create().RunAsync([.. command, "--json"], output, said, Cancel);
        return ((ExitCode)code, output.ToString(), said.ToString());
    }
}
