using Strata.Featurizer.Answers.Core;

namespace Strata.Featurizer.Tests.Answers;

[Trait("height", "unit")]
public sealed class LowestKeysTests
{
    [Fact]
    public void Take_KeysThatComeAndGo_AreTheLowest()
    {
        var random = new Random(1);
        var (lowest, all) = (new LowestKeys(), new SortedSet<ItemKey>());
        for (var step = 0; step < 4_000; step++)
        {
            // Many come, then most go, the lowest among them.
            var key = ItemKey.Of($"i{random.Next(3_000)}");
            if (random.Next(4_000) > step)
            {
                lowest.Add(key);
                all.Add(key);
            }
            else
            {
                key = step % 2 == 0 ? key : all.Min;
                lowest.Remove(key);
                all.Remove(key);
            }

            if (step % 7 == 0)
            {
                var count = (int)Math.Sqrt(all.Count);
                Assert.Equal(all.Take(count), lowest.Take(count, all, all.Count));
            }
        }

        Assert.NotEmpty(all);
    }
}
