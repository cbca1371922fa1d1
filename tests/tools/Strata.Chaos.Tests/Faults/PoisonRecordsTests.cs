using Strata.Chaos.Faults;
using Strata.Contracts;

namespace Strata.Chaos.Tests.Faults;

[Trait("height", "unit")]
public sealed class PoisonRecordsTests
{
    [Fact]
    public void Draw_EveryTopic_GetsSome()
        => Assert.Equal(
            Topics.All.Select(topic => topic.Name).Order(StringComparer.Ordinal),
            PoisonRecords.Draw(new Random(1)).Select(record => record.To.Topic).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Draw_EveryRecord_SaysThatItIsPoisonAndLiesInItsTopic()
        => Assert.All(PoisonRecords.Draw(new Random(2)), record =>
        {
            Assert.True(record.Record.Headers.TryGetLastBytes(PoisonRecords.Header, out _));
            Assert.InRange(
                record.To.Partition.Value, 0, Topics.All.Single(topic => topic.Name == record.To.Topic).Partitions - 1);
        });
}
