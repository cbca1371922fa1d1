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

    [Theory]
    [InlineData(0)]
    [InlineData(12)] // longer than the session: the group is lost and joined again
    public async Task Commit_BrokerWasKilledSinceTheLastOne_ComesThroughWithoutAStall(int seconds)
    {
        Assert.SkipUnless(Broker.CanKill, $"{Broker.Name} can't be killed");
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        var outTopic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 30);
        await using var host = await HostOf(Copying(outTopic, _ => Task.CompletedTask), topic).StartAsync();
        await AllCommittedAsync(kafka, topic, 30);

        await Broker.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
        await Broker.UpAsync();
        using var after = new KafkaTool(Broker);
        await after.ProduceAsync(topic, 30, 30);
        await AllCommittedAsync(after, topic, 60);

        Assert.Equal(0, host.Lines.Count("stood still"));
        AssertEachOnce(after, topic, outTopic, 60);
    }

    [Fact]
    public async Task Start_PredecessorOfTheSameNameLeftATransactionOpen_EndsItAtOnce()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        var outTopic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 30);
        kafka.LeaveOpen($"{Group}-one-0", Group, topic, 10);

        await using var host = await HostOf(
            Copying(outTopic, _ => Task.CompletedTask), topic, ("Streaming:InstanceId", "one")).StartAsync();
        await AllCommittedAsync(kafka, topic, 30);

        Assert.Equal(0, host.Lines.Count("stood still"));
        AssertEachOnce(kafka, topic, outTopic, 30);
    }
}
