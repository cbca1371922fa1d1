using System.Text.Json;
using Confluent.Kafka;
using Google.Protobuf;
using Strata.Cli.Frame;
using Strata.Contracts;
using Strata.Contracts.DeadLetters.V1;
using Strata.Contracts.Events.V1;
using Strata.EndToEnd.Harness;
using Strata.Testing.Brokers;

namespace Strata.EndToEnd;

/// <summary>Dead letters on a real Kafka are found, read, mended, sent again and discarded by the command line alone.</summary>
[Trait("height", "real")]
public sealed class SettledLetters
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DeadLetters_OnARealKafka_AreReadMendedSentAgainAndDiscarded()
    {
        var (found, reason) = await BrokerChoice.RealAsync(1, Cancel);
        Assert.SkipWhen(found is null, $"no real broker: {reason}");
        await using var broker = found!;
        string[] kafka = ["--kafka", broker.BootstrapServers];
        Assert.Equal(ExitCode.Done, (await StrataTool.RunAsync(["topics", "create", .. kafka])).Code);
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers, Acks = Acks.All }).Build();
        await SetAsideAsync(producer, Topics.Events, "ann", new UserEvent { UserId = "ann", ItemId = "BEE-001" }.ToByteString());
        await SetAsideAsync(producer, Topics.Events, "bob", ByteString.CopyFrom(0xff, 0xff));
        await SetAsideAsync(producer, Topics.Items, "BEE-002", ByteString.CopyFrom(0xff));
        var file = Path.GetTempFileName();

        var listed = await IdsAsync(["dead-letters", "list", .. kafka]);
        var (_, shown, _) = await StrataTool.RunAsync(["dead-letters", "show", "strata.events.v1/0/0", .. kafka]);
        var asWas = await StrataTool.RunAsync(["dead-letters", "resend", "strata.events.v1/0/0", .. kafka]);
        await File.WriteAllTextAsync(file, """{"userId": "bob", "itemId": "BEE-003", "eventId": "mended"}""", Cancel);
        var mended = await StrataTool.RunAsync(["dead-letters", "resend", "strata.events.v1/0/1", "--message", file, .. kafka]);
        var discarded = await StrataTool.RunAsync(["dead-letters", "discard", "all", "--topic", Topics.Items, .. kafka]);
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

    private static async Task<IReadOnlyList<string>> IdsAsync(string[] command)
    {
        var (code, output, said) = await StrataTool.RunAsync(command);
        Assert.True(code == ExitCode.Done, said);
        return [.. JsonDocument.Parse(output).RootElement.EnumerateArray().Select(letter => letter.GetProperty("id").GetString()!)];
    }
}
