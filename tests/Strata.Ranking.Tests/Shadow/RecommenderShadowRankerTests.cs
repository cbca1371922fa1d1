using Strata.Contracts.Activity.V1;
using Strata.Contracts.Catalog.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Shadow.Core;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Tests.Shadow;

[Trait("height", "harness")]
public sealed class RecommenderShadowRankerTests
{
    [Fact]
    public void Rank_KnownUser_GivesTheCandidatesOfARequest()
    {
        var world = MakeWorld();
        var profile = World.Profile("i3");

        var list = new RecommenderShadowRanker(world.Recommender)
            .Rank(profile, null, DateTimeOffset.FromUnixTimeMilliseconds(World.NowMs), allowRepeats: false);

        using var request = world.Recommender.Rank(world.Recommender.Now, new UserState(profile), RequestConstraints.Usual, World.NowMs);
        Assert.Equal(request.Count, list.ItemIds.Count);
        Assert.DoesNotContain("i3", list.ItemIds);
        Assert.Equal(request.AllFeatures.ToArray(), list.Features);
        Assert.Equal((uint)request.Context, list.Context);
        for (var i = 0; i < list.ItemIds.Count; i++)
        {
            Assert.Equal(world.View.IndexOf(list.ItemIds[i]), request.Items[i]);
        }
    }

    [Fact]
    public void Rank_UserWithAttributes_NamesTheirCohortsAndLayersNewToThem()
    {
        var world = MakeWorld().With(World.LayerSet(1, [], (1, [1, 0], 5), (2, [0, 1], 5)))
            .Item("far", [0, 1]).Item("near", [1, 0]).Published();
        var profile = World.Profile("near");
        profile.Attributes = new UserAttributes { Gender = "f", AgeBand = "25-34" };

        var list = new RecommenderShadowRanker(world.Recommender)
            .Rank(profile, null, DateTimeOffset.FromUnixTimeMilliseconds(World.NowMs), allowRepeats: false);

        Assert.Equal(["age_band=25-34", "gender=f"], list.Cohorts);
        Assert.Equal([2u, 0u, 0u], [list.LayerOf("far"), list.LayerOf("near"), list.LayerOf("nowhere")]);
    }

    [Fact]
    public void Rank_UserHasEverything_GivesAnEmptyList()
    {
        var world = MakeWorld();
        var profile = World.Profile([.. Enumerable.Range(0, 6).Select(i => $"i{i}")]);

        var list = new RecommenderShadowRanker(world.Recommender)
            .Rank(profile, null, DateTimeOffset.FromUnixTimeMilliseconds(World.NowMs), allowRepeats: false);

        Assert.Empty(list.ItemIds);
        Assert.Empty(list.Features);
    }

    [Fact]
    public void AbsorbedNone_MarkerAnnounced_IsNoLongerCertain()
    {
        var watermarks = new ActivityWatermarks();
        var watermark = new IndexWatermark(watermarks);
        watermarks.Announce(Marker(0, next: 5));
        watermarks.Announce(Marker(1, next: 5));
        Assert.False(watermark.HasAbsorbed(2, 5));

        watermarks.Announce(Marker(1, next: 6));

        Assert.True(watermark.HasAbsorbed(2, 5));
        Assert.False(watermark.HasAbsorbed(2, 6));
    }

    private static ActivityMarker Marker(int itemPartition, long next)
        => new() { ItemPartition = itemPartition, Positions = { new ActivityMarker.Types.Position { EventsPartition = 2, Next = next } } };

    private static World MakeWorld()
    {
        var world = new World();
        for (var i = 0; i < 6; i++)
        {
            world.Catalogue.Put(new Contracts.Features.V1.ItemFeatures { ItemId = $"i{i}", Title = $"item {i}" });
            world.Catalogue.Put(World.Activity($"i{i}", popularity: i + 1));
        }

        world.Catalogue.Publish();
        return world;
    }
}
