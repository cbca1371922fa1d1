using Confluent.Kafka;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>What only a broker shows that fences producers, hides aborted transactions and can be killed.</summary>
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

    [Fact]
    public async Task Consume_BrokerKilledInMidStream_NothingLostOrDoubledAndStopsWithoutIt()
    {
        Assert.SkipUnless(Broker.CanKill, $"{Broker.Name} can't be killed");
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        var outTopic = await kafka.TopicAsync(1);
        var half = new TaskCompletionSource();
        var handled = 0;
        var handlers = Copying(outTopic, batch =>
        {
            if (Interlocked.Add(ref handled, batch.Count) > 500)
            {
                half.TrySetResult();
            }

            return Task.CompletedTask;
        });
        await using var host = await HostOf(
            handlers,
            topic,
            ("Streaming:Consuming:BatchSize", "20"),
            ("Streaming:Producer:message.timeout.ms", "60000"),
            ("Streaming:Consuming:DrainBudget", "00:00:03")).StartAsync();

        var publishing = Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            if (i >= 600)
            {
                await half.Task;
            }

            await host.Publisher.PublishAsync(topic, $"k{i}", null, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        }));
        await half.Task.Soon();
        await Broker.KillAsync();
        await Broker.UpAsync();
        await publishing.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await AllCommittedAsync(kafka, topic, 1000);
        AssertEachOnce(kafka, topic, outTopic, 1000);

        await Broker.KillAsync();
        var stopping = TimeProvider.System.GetTimestamp();
        await host.StopAsync();
        var stopped = TimeProvider.System.GetElapsedTime(stopping);
        await Broker.UpAsync();
        Assert.True(stopped < TimeSpan.FromSeconds(10), $"stopping without a broker took {stopped}");
    }
}
