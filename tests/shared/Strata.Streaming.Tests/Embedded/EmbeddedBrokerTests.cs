using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Embedded;

[Trait("height", "embedded")]
public sealed class EmbeddedBrokerTests
{
    [Fact]
    public async Task Start_Twice_AreTwoBrokersWithLogsOfTheirOwn()
    {
        await using var first = BrokerChoice.Embedded();
        await using var second = BrokerChoice.Embedded();
        await using var firstHost = await new StreamHost(first).StartAsync();
        await using var secondHost = await new StreamHost(second).StartAsync();

        var one = await firstHost.Publisher.PublishAsync(
            "topic", "a", null, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        var other = await secondHost.Publisher.PublishAsync(
            "topic", "a", null, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);

        Assert.NotEqual(first.BootstrapServers, second.BootstrapServers);
        Assert.Equal((one.Partition, one.Offset), (other.Partition, other.Offset));
        Assert.NotEqual(one.Log, other.Log);
    }

    [Fact]
    public async Task Partitions_TopicNotThereYet_IsMadeWithFour()
    {
        await using var broker = BrokerChoice.Embedded();
        await using var host = await new StreamHost(broker).StartAsync();

        Assert.Equal(4, await host.Topics.PartitionsAsync("new", TestContext.Current.CancellationToken));
    }
}
