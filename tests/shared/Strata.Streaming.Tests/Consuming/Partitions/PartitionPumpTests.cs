using CsCheck;
using Strata.Streaming.Consuming.Partitions;
using Strata.Streaming.Records;

namespace Strata.Streaming.Tests.Consuming.Partitions;

[Trait("height", "unit")]
public sealed class PartitionPumpTests
{
    [Fact]
    public void Take_AnyLimits_GivesAllInOrderWithinLimits()
        => Gen.Select(Gen.Int[0, 50].List[0, 60], Gen.Int[1, 10], Gen.Int[1, 120]).Sample((sizes, limit, limitBytes) =>
        {
            var pump = new PartitionPump(10, 1000);
            for (var i = 0; i < sizes.Count; i++)
            {
                pump.TryAdd(Of(i, sizes[i]));
            }

            var taken = new List<StreamRecord>();
            while (pump.Count > 0)
            {
                var batch = pump.Take(limit, limitBytes);
                Assert.InRange(batch.Count, 1, limit);
                Assert.True(batch.Count == 1 || batch.Sum(record => record.Value!.Value.Length) <= limitBytes);
                taken.AddRange(batch);
            }

            Assert.Equal(Enumerable.Range(0, sizes.Count).Select(i => (long)i), taken.Select(record => record.Offset));
            Assert.True(pump.Low);
        });

    [Fact]
    public void Full_ByRecordsOrBytes_UntilHalfIsLeft()
    {
        var pump = new PartitionPump(4, 100);
        pump.TryAdd(Of(0, 100));
        Assert.True(pump.Full);
        pump.Take(1, 1);
        Assert.True(pump.Low);

        for (var i = 0; i < 4; i++)
        {
            Assert.False(pump.Full);
            pump.TryAdd(Of(i, 1));
        }

        Assert.True(pump.Full);
        pump.Take(1, 1000);
        Assert.False(pump.Low);
        pump.Take(1, 1000);
        Assert.True(pump.Low);
    }

    [Fact]
    public async Task Wait_StoppedWithRecordsLeft_IsOver()
    {
        var pump = new PartitionPump(4, 100);
        pump.TryAdd(Of(0, 1));
        Assert.True(await pump.WaitAsync(TestContext.Current.CancellationToken));

        pump.Stop();

        Assert.False(await pump.WaitAsync(TestContext.Current.CancellationToken));
        Assert.False(pump.TryAdd(Of(1, 1)));
    }

    private static StreamRecord Of(long offset, int size) => new("t", 0, offset, null, new byte[size], DateTimeOffset.UnixEpoch, []);
}
