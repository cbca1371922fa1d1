using CsCheck;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Tests.Index;

[Trait("height", "unit")]
public sealed class RankedListTests
{
    private const int Items = 60;

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(20)]
    public void With_AnyChanges_EqualsSortingEverything(int capacity)
    {
        // Keys rise, fall and vanish, as they do when items are touched, corrected and taken out.
        var change = Gen.Select(Gen.Int[0, Items - 1], Gen.Frequency((4, Gen.Double[0, 100]), (1, Gen.Const(double.NegativeInfinity))));
        change.Array[0, 8].Array[1, 12].Sample(batches =>
        {
            var keys = Enumerable.Repeat(double.NegativeInfinity, Items).ToArray();
            var list = RankedList.Empty;
            foreach (var batch in batches)
            {
                foreach (var (item, key) in batch)
                {
                    keys[item] = key;
                }

                list = list.With(batch.Select(c => c.Item1).ToHashSet(), item => keys[item], capacity)
                    ?? RankedList.Build(Items, item => keys[item], capacity);
                var sorted = keys.Where(key => key > double.NegativeInfinity).OrderDescending().ToArray();

                // A cut list may be shorter than its capacity, never wrong, and never shorter than half of it while there are items.
                Assert.Equal(sorted.Take(list.Items.Length), list.Keys.ToArray());
                Assert.True(list.Items.Length >= Math.Min(sorted.Length, capacity / 2));
                Assert.All(list.Items.ToArray().Zip(list.Keys.ToArray()), pair => Assert.Equal(keys[pair.First], pair.Second));
            }
        });
    }

    [Fact]
    public void With_EqualKeysInAnyBatches_StandByNumber()
    {
        var change = Gen.Select(Gen.Int[0, Items - 1], Gen.Int[0, 3]);
        change.Array[0, 8].Array[1, 12].Sample(batches =>
        {
            var keys = Enumerable.Repeat(double.NegativeInfinity, Items).ToArray();
            var list = RankedList.Empty;
            foreach (var batch in batches)
            {
                foreach (var (item, key) in batch)
                {
                    keys[item] = key;
                }

                list = list.With(batch.Select(c => c.Item1).ToHashSet(), item => keys[item], int.MaxValue)!;

                var sorted = Enumerable.Range(0, Items).Where(item => keys[item] > double.NegativeInfinity)
                    .OrderByDescending(item => keys[item]).ThenBy(item => item);
                Assert.Equal(sorted, list.Items.ToArray());
            }
        });
    }
}
