using Strata.Contracts.Features.V1;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Tests.Candidates;

[Trait("height", "unit")]
public sealed class SpokenItemsTests
{
    [Fact]
    public void In_ItemsComeChangeAndGo_FollowsAndLooksAtWhatChangedOnly()
    {
        var world = new World();
        var looked = 0;
        var spoken = new SpokenItems(features =>
        {
            looked++;
            return features.Tags.Contains("new");
        });
        for (var i = 0; i < 1000; i++)
        {
            Put(i, isNew: i % 100 == 0);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => 100 * i), In());
        Assert.Equal((1000, 10), (looked, In().Length));
        Put(5, isNew: true);
        world.Catalogue.Remove("i900");
        world.Published();

        Assert.Equal([0, 5, .. Enumerable.Range(1, 8).Select(i => 100 * i)], In());
        Assert.InRange(looked, 1001, 1600);

        int[] In() => spoken.In(world.Published().View);

        void Put(int number, bool isNew)
        {
            var features = new ItemFeatures { ItemId = $"i{number}", Title = $"Title {number}", Encoder = "test" };
            features.Tags.AddRange(isNew ? ["new"] : []);
            world.Catalogue.Put(features);
        }
    }
}
