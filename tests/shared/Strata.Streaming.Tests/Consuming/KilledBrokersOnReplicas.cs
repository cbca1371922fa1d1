using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>The partitions of a broker that dies have other replicas, as in production.</summary>
[Trait("height", "real")]
public sealed class KilledBrokersOnReplicas(ReplicatedBrokerFixture fixture)
    : KilledBrokerCases(fixture), IClassFixture<ReplicatedBrokerFixture>
{
    [Fact]
    public async Task Consume_BrokersKilledInTurn_NothingLostOrDoubled()
        => Assert.All(await DoubledAsync(), Assert.Empty);
}
