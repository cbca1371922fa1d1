using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>The only broker dies.</summary>
[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class KilledBrokerOnReal(RealBrokerFixture fixture) : KilledBrokerCases(fixture)
{
    // The broker may pass over the marks of what it had decided (infra/decisions/0023): what one transaction held of a partition, which is
    // one stretch, is there twice then.
    [Fact]
    public async Task Consume_BrokerKilledInMidStream_NothingLostAndAtMostOneTransactionDoubled()
        => Assert.All(await DoubledAsync(), stretch => Assert.Equal(stretch.Select((_, k) => stretch[0] + k), stretch));

    [Fact]
    public async Task Stop_BrokerIsAway_EndsSoon()
    {
        Assert.SkipUnless(Broker.CanKill, $"{Broker.Name} can't be killed");
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        var outTopic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 100);
        var handlers = Copying(outTopic, _ => Task.CompletedTask);
        await using var host = await HostOf(handlers, topic, ("Streaming:Consuming:DrainBudget", "00:00:03")).StartAsync();
        await AllCommittedAsync(kafka, topic, 100);

        await Broker.KillAsync();
        var stopping = TimeProvider.System.GetTimestamp();
        await host.StopAsync();
        var stopped = TimeProvider.System.GetElapsedTime(stopping);
        await Broker.UpAsync();

        Assert.True(stopped < TimeSpan.FromSeconds(10), $"stopping without a broker took {stopped}");
    }
}
