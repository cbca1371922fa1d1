using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>What becomes of a consumer whose broker answered nothing for a while.</summary>
[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class StallsOnReal(RealBrokerFixture fixture) : TransactionCases(fixture)
{
    [Fact]
    public async Task Consume_BrokerHangsInMidStream_GoesOnByItselfAndLosesNothing()
    {
        Assert.SkipUnless(Broker.CanKill, $"{Broker.Name} can't be hung");
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        var outTopic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 1500);
        var half = new TaskCompletionSource();
        var handled = 0;
        var handlers = Copying(outTopic, batch =>
        {
            if (Interlocked.Add(ref handled, batch.Count) > 500)
            {
                half.TrySetResult();
            }

            return Task.Delay(20);
        });
        await using var host = await HostOf(handlers, topic, ("Streaming:Consuming:BatchSize", "5")).StartAsync();
        await half.Task.Soon();

        await Broker.PauseAsync();
        await Task.Delay(TimeSpan.FromSeconds(45), TestContext.Current.CancellationToken);
        await Broker.ResumeAsync();
        await AllCommittedAsync(kafka, topic, 1500, within: TimeSpan.FromSeconds(60));

        AssertEachOnce(kafka, topic, outTopic, 1500);
    }
}
