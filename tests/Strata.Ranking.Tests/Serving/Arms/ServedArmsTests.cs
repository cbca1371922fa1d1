using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Ranking.Candidates;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;
using Strata.Streaming.Records;

namespace Strata.Ranking.Tests.Serving.Arms;

/// <summary>What a user's arm changes in what they get.</summary>
[Trait("height", "harness")]
public sealed class ServedArmsTests
{
    private static readonly Experiment Narrow = new(
        "narrow", "salt", "a", [new ExperimentShare("a", .25, null!), new ExperimentShare("b", .25, null!)]);

    private static readonly string Inside = Users().First(user => Narrow.ArmOf(user) == 0);
    private static readonly string Outside = Users().First(user => Narrow.ArmOf(user) == 2);

    [Fact]
    public async Task Recommend_UserInAnArm_SlateIsTheArmsAndAnswerAndLogNameIt()
    {
        using var services = new ServiceWorld(RankingServiceTests.Shop(), experiments: InOneArm);

        var inside = await services.Recommend(new RecommendRequest { UserId = Inside, Count = 40 });
        var outside = await services.Recommend(new RecommendRequest { UserId = Outside, Count = 40 });
        var nobody = await services.Recommend(new RecommendRequest { ContextItemIds = { "i5" }, AllowRepeats = true, Count = 40 });

        // The arm has ten candidates, all others as many as there are items.
        Assert.Equal((10, 40, 40), (inside.Items.Count, outside.Items.Count, nobody.Items.Count));
        Assert.Equal(new ExperimentArm { Experiment = "narrow", Arm = "a" }, Assert.Single(inside.Arms));
        Assert.Empty(outside.Arms);
        Assert.Empty(nobody.Arms);
        Assert.Equal(2, services.Log.Impressions.Count);
        Assert.Equal(inside.Arms, services.Log.Impressions[0].Arms);
        Assert.Empty(services.Log.Impressions[1].Arms);
    }

    [Fact]
    public async Task Recommend_WhoDoesNotWantToBeKnown_IsInNoArm()
    {
        using var services = new ServiceWorld(RankingServiceTests.Shop(), experiments: InOneArm);
        var said = new Consent { UserId = Inside, Store = true, Personalise = false }.ToByteArray();
        await services.Consents.ApplyAsync(
            [new StreamRecord(Topics.Consents, 0, 0, Inside, said, DateTimeOffset.UnixEpoch, [])], TestContext.Current.CancellationToken);

        var slate = await services.Recommend(new RecommendRequest { UserId = Inside, Count = 40 });

        Assert.Equal(40, slate.Items.Count);
        Assert.Empty(slate.Arms);
    }

    [Fact]
    public void Rank_OneInterest_LayersSayNothing()
    {
        var (one, usual) = (Rank(oneInterest: true), Rank(oneInterest: false));

        Assert.All(
            [FeatureSchema.LayerLong, FeatureSchema.LayerShort],
            feature => Assert.Equal([1f], Values(one, feature).Distinct()));
        Assert.True(Values(usual, FeatureSchema.LayerLong).Distinct().Count() > 1);
        Assert.Equal(Values(one, FeatureSchema.Centroid), Values(one, FeatureSchema.Layers));
        Assert.NotEqual(Values(usual, FeatureSchema.Centroid), Values(usual, FeatureSchema.Layers));
        Assert.Equal(1, Values(one, FeatureSchema.LayerPopularity).Sum(log => Math.Exp(log) - 1e-4), 3);
    }

    [Fact]
    public void Build_OneInterest_IsInTheOrderOfScoresAndDrawsWhatTeachesMost()
    {
        var request = Rank(oneInterest: true);
        var options = new SlateOptions { OneInterest = true, Diversity = 0, Calibration = 100, Variants = 1000 };
        var layers = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, options);

        var slate = SlateBuilder.Build(request, layers, 10, exploration: 0, options, new Random(1));
        var drawn = Enumerable.Range(0, 200)
            .Select(seed => SlateBuilder.Build(request, layers, 10, exploration: 1, options, new Random(seed))[5]).ToList();

        Assert.Equal(
            Enumerable.Range(0, request.Count).OrderByDescending(request.ScoreOf).Take(10), slate.Select(placed => placed.Candidate));
        Assert.Single(drawn.Select(placed => placed.Candidate).Distinct());
        Assert.All(drawn, placed => Assert.Equal(1, placed.Propensity));
    }

    [Fact]
    public void Rank_InAnotherArmOfAsManyCandidates_UsesARequestAgainThatKeptNobody()
    {
        var usual = RankingServiceTests.Shop().Recommender;
        var (same, fewer) = (
            usual.With(new CandidateOptions(), oneInterest: true), usual.With(new CandidateOptions { Limit = 10 }, oneInterest: false));
        var user = new UserState(World.Profile("i0", "i1"));
        var first = usual.Rank(usual.Now, user, RequestConstraints.Usual, World.NowMs);

        first.Dispose();
        var kept = first.User;
        var smaller = fewer.Rank(fewer.Now, user, RequestConstraints.Usual, World.NowMs);
        var again = same.Rank(same.Now, user, RequestConstraints.Usual, World.NowMs);

        Assert.Same(UserState.Unknown, kept);
        Assert.Same(first, again);
        Assert.True(again.OneInterest);
        Assert.NotSame(first, smaller);
        Assert.Equal((10, false), (smaller.Count, smaller.OneInterest));
    }

    [Fact]
    public void Build_OneInterestOfSomeLayers_DrawsWhatTeachesMostOfThem()
    {
        var request = Rank(oneInterest: true);
        var options = new SlateOptions { OneInterest = true, NewLayers = 0, Variants = 1000 };
        var slots = Enumerable.Range(0, request.Count).Select(i => request.View.Assignment.SlotOf(request.Items[i]))
            .Where(slot => slot < request.View.Layers.Count).Distinct().ToList();

        // As after a search, whose answers lie in few layers.
        Assert.True(slots.Count > 1);
        foreach (var slot in slots)
        {
            var only = new UserLayers { LayerIds = { request.View.Layers.IdOf(slot) }, LongWeights = { 1 }, ShortWeights = { 1 } };
            var layers = LayerDistribution.For(
                request.View, request.History, new UserState(null, only), RankingPolicy.Shipped, options, World.NowMs);
            var drawn = SlateBuilder.Build(request, layers, 10, exploration: 1, options, new Random(1))[5];

            Assert.Equal(slot, drawn.Slot);
        }
    }

    [Fact]
    public void Rank_OneInterest_MutedLayerStaysAway()
    {
        var profile = World.Profile("i0", "i1");
        profile.Controls.Add(new LayerControl { LayerId = 1, Action = LayerAction.Mute });

        var request = Rank(oneInterest: true, profile);

        Assert.NotEmpty(request.Items.ToArray());
        Assert.All(
            request.Items.ToArray(), item => Assert.NotEqual(1u, request.View.Layers.IdOf(request.View.Assignment.SlotOf(item))));
    }

    private static RankingRequest Rank(bool oneInterest, Profile? profile = null)
    {
        var world = RankingServiceTests.Shop();
        var recommender = new Recommender(
            world.Catalogue, world.Policies, new CandidateOptions(), new IndexOptions(), oneInterest: oneInterest);
        return recommender.Rank(
            recommender.Now,
            new UserState(profile ?? World.Profile("i0", "i1")),
            new RequestConstraints(AllowRepeats: true),
            World.NowMs);
    }

    private static float[] Values(RankingRequest request, int feature)
        => [.. Enumerable.Range(0, request.Count).Select(candidate => request.FeaturesOf(candidate)[feature])];

    private static IEnumerable<string> Users() => Enumerable.Range(0, 100).Select(i => $"u{i}");

    private static ServingArms InOneArm(World world)
    {
        var options = new CandidateOptions { Limit = 10 };
        return new ServingArms(
            new ServingArm(world.Recommender, new SlateOptions(), []),
            [Narrow],
            (names, _) => new ServingArm(
                new Recommender(world.Catalogue, world.Policies, options, new IndexOptions()), new SlateOptions(), names));
    }
}
