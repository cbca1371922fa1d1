using Strata.Streaming.Topology;

namespace Strata.Streaming.Tests.Topology;

[Trait("height", "unit")]
public sealed class KeyPartitionerTests
{
    // Hashes from Kafka's own UtilsTest.testMurmur2, made positive and divided.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    public void PartitionOf_KnownKeys_IsKafkasHash(string key, int hash)
        => Assert.Equal((hash & 0x7fffffff) % 1_000_003, KeyPartitioner.PartitionOf(key, 1_000_003));
}
