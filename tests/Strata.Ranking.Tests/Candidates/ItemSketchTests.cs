using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Tests.Candidates;

[Trait("height", "unit")]
public sealed class ItemSketchTests
{
    private const int Items = 90;
    private const int Fallen = Items / 2;

    [Theory]
    [InlineData(Keys.SketchHad, false, false)]
    [InlineData(Keys.SketchHad, true, true)]
    [InlineData(Keys.SketchDismissed, false, false)]
    [InlineData(Keys.SketchDismissed, true, false)]
    public void Gather_ItemThatFellOffTheLists_ComesOnlyWhereRepeatsOfWhatOneHadMay(uint set, bool repeats, bool comes)
    {
        var profile = Sketched(set, World.NowMs);

        using var request = Shop().Rank(profile, new RequestConstraints(AllowRepeats: repeats));

        var ids = request.Items.ToArray().Select(item => request.View.Items.Ids[item]).ToHashSet();
        Assert.Equal(comes ? Fallen : 0, Enumerable.Range(0, Fallen).Count(n => ids.Contains($"i{n}")));
        Assert.Equal(Fallen, Enumerable.Range(Fallen, Fallen).Count(n => ids.Contains($"i{n}")));
    }

    [Fact]
    public void Gather_SketchOfLongAgo_HidesNothing()
    {
        var profile = Sketched(Keys.SketchDismissed, World.NowMs - (long)(2 * Keys.SketchHalfLifetime.TotalMilliseconds));

        using var request = Shop().Rank(profile);

        Assert.Equal(Items, request.Count);
    }

    [Fact]
    public void Gather_ItemTouchedAfterItsDismissalFellOff_ComesAgain()
    {
        var profile = World.Profile("i3");
        profile.Sketch = Sketched(Keys.SketchDismissed, World.NowMs).Sketch;

        using var request = Shop().Rank(profile, new RequestConstraints(AllowRepeats: true));

        Assert.Contains("i3", request.Items.ToArray().Select(item => request.View.Items.Ids[item]));
    }

    // The first half of the items in the older half, then in the newer.
    private static Profile Sketched(uint set, long sinceMs)
    {
        var (older, newer) = (new byte[Keys.SketchHalfBytes], new byte[Keys.SketchHalfBytes]);
        for (var n = 0; n < Fallen; n++)
        {
            BloomFilter.Add(n < Fallen / 2 ? older : newer, BloomFilter.KeyOf($"i{n}", set));
        }

        return new Profile
        {
            Sketch = new ItemSketch
            {
                Older = ByteString.CopyFrom(older),
                Newer = ByteString.CopyFrom(newer),
                SinceUnixMs = sinceMs,
                OlderSinceUnixMs = sinceMs,
                Sets = 1u << (int)set,
            },
        };
    }

    private static World Shop()
    {
        var world = new World();
        for (var n = 0; n < Items; n++)
        {
            world.Item($"i{n}").With(World.Activity($"i{n}", Items - n));
        }

        return world.Published();
    }
}
