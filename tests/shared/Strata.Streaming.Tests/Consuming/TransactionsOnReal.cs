using Confluent.Kafka;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>What only a broker shows that fences producers and hides aborted transactions.</summary>
[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class TransactionsOnReal(RealBrokerFixture fixture) : TransactionContract(fixture)
{
    [Fact]
    public async Task Commit_ProducerIsFenced_StartsAgainAndLosesNothing()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(2);
        var outTopic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 100);
        var handlers = Copying(outTopic, _ => Task.CompletedTask);

        await using var host = await HostOf(handlers, topic, ("Streaming:InstanceId", "one")).StartAsync();
        await handlers.HandledAsync(100).Soon();
        await host.Lines.Seen("one-0 is ready").Soon();
        // Not in the middle of the first commit.
        await AllCommittedAsync(kafka, topic, 100);
        var settings = new ProducerConfig { BootstrapServers = Broker.BootstrapServers, TransactionalId = $"{Group}-one-0" };
        using (var other = new ProducerBuilder<byte[], byte[]>(settings).Build())
        {
            other.InitTransactions(TimeSpan.FromSeconds(20));
        }

        await kafka.ProduceAsync(topic, 100, 100);
        await host.Lines.Seen("one-1 is ready").Soon();
        await AllCommittedAsync(kafka, topic, 200);
        await host.StopAsync();

        Assert.Equal(1, host.Lines.Count("Information: " + Group + ": a transaction was aborted"));
        Assert.Equal(0, host.Lines.Count("has failed; the partition starts again"));
        AssertEachOnce(kafka, topic, outTopic, 200);
    }
}
