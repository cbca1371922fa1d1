using Google.Protobuf;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Scoring;

/// <summary>What users with an attribute in common choose, for one who is new.</summary>
[Trait("height", "unit")]
public sealed class CohortLiftsTests
{
    private static readonly UserAttributes East = new() { Region = "east" };

    [Theory]
    [InlineData(30, 70)]
    [InlineData(0, 100)]
    public void For_Cohort_IsHowMuchLikelierItChoosesShrunkenTowardsAll(int ofFirst, int ofSecond)
    {
        var layers = World.LayerSet(1, [], (1, [1, 0], 5), (2, [0, 1], 5));

        var lifts = new CohortLifts(PolicyOf(20, (1, 600, ofFirst), (2, 400, ofSecond))).For(Cohorts.NamesOf(East), layers)!;

        Assert.Equal(Math.Log((ofFirst + 10) / (60.0 + 10)), lifts[layers.SlotOf(1)], 9);
        Assert.Equal(Math.Log((ofSecond + 10) / (40.0 + 10)), lifts[layers.SlotOf(2)], 9);
        Assert.Equal(0, lifts[layers.Count]);
    }

    [Fact]
    public void For_LessThanTwentyUsersOrNoAttribute_IsNothing()
    {
        var layers = World.LayerSet(1, [], (1, [1, 0], 5), (2, [0, 1], 5));

        Assert.Null(new CohortLifts(PolicyOf(19, (1, 600, 100), (2, 400, 0))).For(Cohorts.NamesOf(East), layers));
        var lifts = new CohortLifts(PolicyOf(20, (1, 600, 100), (2, 400, 0)));
        Assert.Null(lifts.For(Cohorts.NamesOf(new UserAttributes { Region = "west" }), layers));
        Assert.Null(lifts.For(Cohorts.NamesOf(null), layers));
    }

    [Fact]
    public void Rank_NewUserOfACohort_GetsWhatItChooses()
    {
        var world = Shop(PolicyOf(30, (1, 900, 5), (2, 100, 95)));

        using var known = world.Rank(new Profile { Attributes = East });
        using var unknown = world.Rank(null);

        Assert.Equal("n", World.Ids(known, SourceSchema.Cohort)[0][..1]);
        Assert.Empty(World.Ids(unknown, SourceSchema.Cohort));
        Assert.InRange(world.Feature(known, "n0", FeatureSchema.Cohort), 1, 3);
        Assert.InRange(world.Feature(known, "e0", FeatureSchema.Cohort), -3, -1);
        Assert.Equal(0, world.Feature(unknown, "n0", FeatureSchema.Cohort));
        Assert.Equal("n", Best(known)[..1]);
        Assert.Equal("e", Best(unknown)[..1]);
    }

    [Fact]
    public void Rank_UserWithAHistory_IsKnownByIt()
    {
        var world = Shop(PolicyOf(30, (1, 900, 5), (2, 100, 95)));
        var profile = World.Profile("e3");
        profile.Attributes = East;

        using var request = world.Rank(profile);

        Assert.Null(request.CohortLifts);
        Assert.Equal(0, world.Feature(request, "n0", FeatureSchema.Cohort));
    }

    private static string Best(RankingRequest request)
        => request.View.Items.Ids[request.Items[Enumerable.Range(0, request.Count).MaxBy(request.ScoreOf)]];

    // The east is a little more popular throughout.
    private static World Shop(Policy policy)
    {
        var world = new World();
        for (var i = 0; i < 12; i++)
        {
            world.Item($"e{i}", [1, i * 0.001f]).With(World.Activity($"e{i}", popularity: 25 - i)).Item($"n{i}", [i * 0.001f, 1])
                .With(World.Activity($"n{i}", popularity: 24 - i));
        }

        world.With(World.LayerSet(1, [], (1, [1, 0], 5), (2, [0, 1], 5))).Published();
        world.Policies.Current = RankingPolicy.From(policy);
        return world;
    }

    // What everybody and the east chose, by layer.
    private static Policy PolicyOf(int users, params (uint Layer, double All, double Own)[] layers)
    {
        var bits = new byte[32];
        for (var user = 0; user < users; user++)
        {
            bits[user / 8] |= (byte)(1 << (user % 8));
        }

        var (all, own) = (new Policy.Types.Cohort(), new Policy.Types.Cohort { Name = "region=east", Users = ByteString.CopyFrom(bits) });
        foreach (var layer in layers)
        {
            all.Layers.Add(new Policy.Types.LayerChoices { LayerId = layer.Layer, Chosen = layer.All });
            own.Layers.Add(new Policy.Types.LayerChoices { LayerId = layer.Layer, Chosen = layer.Own });
        }

        return new Policy { Name = "default", Cohorts = { all, own } };
    }
}
