namespace Strata.Numerics.Tests;

[Trait("height", "unit")]
public sealed class DistinctCountTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.01)]
    [InlineData(100, 0.05)]
    [InlineData(3_000, 0.05)]
    [InlineData(10_000, 0.05)]
    [InlineData(1_000_000, 0.05)]
    public void Estimate_ManyThings_IsWithinThreeStandardErrors(int count, double most)
    {
        var (random, sketch) = (new Random(count), new byte[DistinctCount.Registers]);
        var hashes = Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue)).ToList();

        hashes.ForEach(hash => DistinctCount.Add(sketch, hash));
        hashes.ForEach(hash => DistinctCount.Add(sketch, hash));

        Assert.InRange(DistinctCount.Estimate(sketch), count * (1 - most), count * (1 + most));
    }

    [Fact]
    public void Unite_TwoSketches_IsTheSketchOfAll()
    {
        var random = new Random(1);
        var (one, other, all) = (new byte[DistinctCount.Registers], new byte[DistinctCount.Registers], new byte[DistinctCount.Registers]);
        for (var i = 0; i < 20_000; i++)
        {
            var hash = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            DistinctCount.Add(i % 3 == 0 ? one : other, hash);
            DistinctCount.Add(all, hash);
        }

        DistinctCount.Unite(one, other);

        Assert.Equal(all, one);
    }
}
