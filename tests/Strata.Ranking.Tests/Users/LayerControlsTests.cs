using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Tests.Users;

[Trait("height", "unit")]
public sealed class LayerControlsTests
{
    private static readonly SlateOptions Slates = new();

    [Fact]
    public void For_LayersThatMoved_AreThoseOfTheirHeirs()
    {
        // 1 was split into 3 and 4; 2 merged into 4.
        var layers = Layers((1, 3, .25f), (1, 4, .75f), (2, 4, 1));

        var controls = Of(layers, (1, LayerAction.Mute));

        Assert.Equal([LayerAction.Mute, LayerAction.Mute, LayerAction.Unspecified], Enumerable.Range(0, 3).Select(controls.Of));
        Assert.Equal([0, 1], controls.Muted);
    }

    [Fact]
    public void For_SeveralOnOneLayer_TakesTheLayersOwnThenTheNewest()
    {
        var layers = Layers((1, 3, 1), (2, 4, 1), (6, 4, 1));

        var controls = Of(layers, (1, LayerAction.Mute), (3, LayerAction.Boost), (2, LayerAction.Pin), (6, LayerAction.Mute));

        Assert.Equal([LayerAction.Boost, LayerAction.Pin], Enumerable.Range(0, 2).Select(controls.Of));
        Assert.Equal([0, 1], controls.Wanted);
        Assert.Empty(controls.Muted);
    }

    [Fact]
    public void Remaining_AfterForgetting_IsWhatCameSince()
    {
        var layers = Layers((1, 3, .5f));
        var forgotten = new LayerControl { LayerId = 1, Action = LayerAction.Forget, LongWeight = 8, ShortWeight = 4, AsOfUnixMs = 0 };
        var controls = LayerControls.For(layers, new Profile { Controls = { forgotten } });

        // Half of 8 fell to layer 3, and half of that is left 30 days later: 2.
        var (longTerm, shortTerm) = controls.Remaining(0, 5, 1, 30 * World.DayMs);

        Assert.Equal(3, longTerm, 1e-9);
        Assert.Equal(1, shortTerm, 1e-9);
        Assert.Equal((0, 0), controls.Remaining(0, 2, 0, 30 * World.DayMs));
        Assert.Equal((2, 1), controls.Remaining(1, 2, 1, 30 * World.DayMs));
    }

    [Fact]
    public void Remaining_PointsThatWereOnTheirWay_AreForgottenUntilALaterEvent()
    {
        var forgotten = new LayerControl
        {
            LayerId = 3,
            Action = LayerAction.Forget,
            LongWeight = 1,
            ShortWeight = 1,
            AsOfUnixMs = 50,
            AskedUnixMs = 100,
        };
        var controls = LayerControls.For(Layers(), new Profile { Controls = { forgotten } });

        Assert.Equal((0, 0), controls.Remaining(0, 3, 3, 100));
        Assert.Equal(2, controls.Remaining(0, 3, 3, 101).LongTerm, 1e-6);
    }

    [Fact]
    public void Gather_MutedLayer_ProposesNothingOfIt()
    {
        var world = Shop();

        using var request = world.Rank(Profile(LayerAction.Mute, 2, "a0"));

        Assert.NotEqual(0, request.Count);
        Assert.DoesNotContain(Ids(request), id => id[0] == 'b');
    }

    [Fact]
    public void Gather_PinnedLayerThatNoSourceFinds_IsProposed()
    {
        // A catalogue so large that nobody's list reaches layer 3.
        var world = Shop(popularOnly: 500);

        using var without = world.Rank(World.Profile("a0"));
        using var with = world.Rank(Profile(LayerAction.Pin, 3, "a0"));

        Assert.DoesNotContain(Ids(without), id => id[0] == 'c');
        Assert.Equal(5, Ids(with).Count(id => id[0] == 'c'));
    }

    [Fact]
    public void Build_PinnedLayer_HasAPlaceInEverySlateAndOthersKeepTheirs()
    {
        var world = Shop();
        var (plain, pinned) = (Slate(world, World.Profile("a0"), 3), Slate(world, Profile(LayerAction.Pin, 3, "a0"), 3));

        Assert.DoesNotContain(plain, placed => Id(world, placed)[0] == 'c');
        Assert.Equal(plain.Take(2).Select(placed => placed.Item), pinned.Take(2).Select(placed => placed.Item));
        Assert.Equal(('c', 1.0), (Id(world, pinned[2])[0], pinned[2].Propensity));
    }

    [Fact]
    public void Build_BoostedLayer_StandsHigher()
    {
        var world = Shop();

        int PlacesOf(Profile profile)
            => Slate(world, profile, 14).Select((placed, position) => (Id: Id(world, placed), position)).Where(item => item.Id[0] == 'c')
                .Sum(item => item.position);

        Assert.True(PlacesOf(Profile(LayerAction.Boost, 3, "a0")) < PlacesOf(World.Profile("a0")));
    }

    [Fact]
    public void Distribution_Controls_MuteIsOutBoostIsMoreAndPinIsIn()
    {
        var world = Shop();
        var stored = new UserLayers { LayerIds = { 1, 2 }, LongWeights = { 1, 1 }, ShortWeights = { 1, 1 } };

        var plain = Distribution(world, World.Profile("a0"), stored);
        var muted = Distribution(world, Profile(LayerAction.Mute, 1, "a0"), stored);
        var boosted = Distribution(world, Profile(LayerAction.Boost, 2, "a0"), stored);
        var pinned = Distribution(world, Profile(LayerAction.Pin, 3, "a0"), stored);

        Assert.Equal([2u], muted.Layers.Select(layer => layer.LayerId));
        Assert.True(boosted.Of(1) > plain.Of(1));
        Assert.Contains(3u, pinned.Layers.Select(layer => layer.LayerId));
        Assert.All(
            [plain, muted, boosted, pinned], distribution => Assert.Equal(1, distribution.Layers.Sum(layer => layer.Probability), 1e-9));
    }

    [Fact]
    public void Distribution_NearlyAllForgotten_ScalesNoDustUp()
    {
        var world = Shop();
        var stored = new UserLayers { LayerIds = { 1, 2, 3 }, LongWeights = { 10, .2f, .15f }, ShortWeights = { 1, 0, 0 }, AsOfUnixMs = 5 };
        var forgotten = new LayerControl { LayerId = 1, Action = LayerAction.Forget, LongWeight = 10, ShortWeight = 1, AsOfUnixMs = 5 };
        var profile = new Profile { Controls = { forgotten } };

        Assert.All(Distribution(world, profile, stored).Layers, layer => Assert.Equal((0, 0), (layer.LongInterest, layer.ShortInterest)));
        stored.LongWeights[1] = 2;
        Assert.Equal(2 / 2.15, Distribution(world, profile, stored).Layers.Single(layer => layer.LayerId == 2).LongInterest, 1e-6);
    }

    [Fact]
    public void Distribution_WeightsOnALayerThatIsGone_AreThoseOfItsHeirs()
    {
        var world = Shop();
        var stored = new UserLayers { LayerIds = { 9, 2 }, LongWeights = { 3, 1 }, ShortWeights = { 1, 1 } };

        var distribution = Distribution(world, World.Profile("b0"), stored);

        Assert.Equal(.75, distribution.Layers.Single(layer => layer.LayerId == 1).LongInterest, 1e-9);
    }

    private static LayerView Layers(params (uint Gone, uint Heir, float Share)[] heirs)
    {
        var marker = new LayerSetMarker { Version = 1, LayerIds = { 3, 4, 5 } };
        marker.Heirs.AddRange(heirs.Select(row => new LayerSetMarker.Types.Heir { Gone = row.Gone, Heir_ = row.Heir, Share = row.Share }));
        return new LayerView(marker, [World.Layer(3, [1, 0]), World.Layer(4, [0, 1]), World.Layer(5, [-1, 0])]);
    }

    private static LayerControls Of(LayerView layers, params (uint Layer, LayerAction Action)[] controls)
    {
        var own = controls.Select(control => new LayerControl { LayerId = control.Layer, Action = control.Action });
        return LayerControls.For(layers, new Profile { Controls = { own } });
    }

    private static Profile Profile(LayerAction action, uint layer, params string[] items)
    {
        var profile = World.Profile(items);
        profile.Controls.Add(new LayerControl { LayerId = layer, Action = action });
        return profile;
    }

    /// <summary>
    /// Five items in each of three layers, a before b before c by popularity, and as many more popular ones of the first layer as wanted.
    /// Layer 9 became layer 1.
    /// </summary>
    private static World Shop(int popularOnly = 0)
    {
        var marker = new LayerSetMarker { Version = 2, Seeding = 1, Mean = { 0, 0, 0 }, LayerIds = { 1, 2, 3 } };
        marker.Heirs.Add(new LayerSetMarker.Types.Heir { Gone = 9, Heir_ = 1, Share = 1 });
        var world = new World()
            .With(new LayerView(marker, [World.Layer(1, [1, 0, 0], 5), World.Layer(2, [0, 1, 0], 3), World.Layer(3, [0, 0, 1], 2)]));

        // On both sides: all were first touched at the same moment, of which the first ones put are the fresh ones, and what fills a
        // short list up is taken from the end.
        AddPopular(0, popularOnly / 2);
        for (var i = 0; i < 5; i++)
        {
            world.Item($"a{i}", [1, .01f * i, 0]).Item($"b{i}", [.2f, 1, .01f * i]).Item($"c{i}", [0, .01f * i, 1]);
            world.With(World.Activity($"a{i}", 90 - i)).With(World.Activity($"b{i}", 60 - i)).With(World.Activity($"c{i}", 30 - i));
        }

        AddPopular(popularOnly / 2, popularOnly);
        return world.Published();

        void AddPopular(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                world.Item($"more{i}", [1, 0, 0]).With(World.Activity($"more{i}", 1000 + i));
            }
        }
    }

    private static IEnumerable<string> Ids(RankingRequest request) => request.Items.ToArray().Select(item => request.View.Items.Ids[item]);

    private static string Id(World world, PlacedItem placed) => world.View.Items.Ids[placed.Item];

    private static IReadOnlyList<PlacedItem> Slate(World world, Profile profile, int count)
    {
        using var request = world.Rank(profile);
        return SlateBuilder.Build(
            request,
            LayerDistribution.For(request.View, request.History, request.User, world.Policies.Current, Slates, World.NowMs),
            count,
            0,
            World.Slates(boost: Slates.Boost),
            new Random(1));
    }

    private static LayerDistribution Distribution(World world, Profile profile, UserLayers stored)
    {
        var history = new UserHistory();
        history.Resolve(world.View, profile, World.NowMs);
        return LayerDistribution.For(world.View, history, new UserState(profile, stored), world.Policies.Current, Slates, World.NowMs);
    }
}
