using Strata.Contracts.Events.V1;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Scoring;

[Trait("height", "unit")]
public sealed class ScorerTests
{
    [Theory]
    [InlineData(double.PositiveInfinity, Contexts.NewUser)]
    [InlineData(0, Contexts.Active)]
    [InlineData(3_599_999, Contexts.Active)]
    [InlineData(3_600_000, Contexts.Returning)]
    public void Of_Idle_IsTheContext(double idleMs, int context) => Assert.Equal(context, Contexts.Of(idleMs));

    [Fact]
    public void Gather_LearnedWeights_ScoreByThem()
    {
        var world = TwoItems();
        world.Policies.Current = RankingPolicy.From(Learned(steps: 1000));

        using var request = world.Rank(null);

        Assert.Equal("b", BestOf(request));
        var expected = -2 * Math.Clamp((Math.Log(0.02 + 9) - 1) / Math.Sqrt(4 + 1e-4), -5, 5);
        Assert.Equal(expected, request.ScoreOf(request.CandidateOf(world.View.IndexOf("a"))), 1e-5);
    }

    [Fact]
    public void From_NothingLearnedOrAnotherSchema_IsThePrior()
    {
        var other = Learned(steps: 1000);
        other.Schema++;

        Assert.Same(Prior.Shipped.Model, RankingPolicy.Shipped.Model);
        Assert.Same(Prior.Shipped.Model, RankingPolicy.From(other).Model);
        Assert.NotSame(Prior.Shipped.Model, RankingPolicy.From(Learned(steps: 1)).Model);
    }

    [Fact]
    public void From_PolicyOfTheReleaseBefore_TakesTheContextItLacksFromThePrior()
    {
        var before = Learned(steps: 1000);
        before.ContextWeights.RemoveAt(Contexts.Searching);

        var model = RankingPolicy.From(before).Model;

        Assert.Equal(Prior.Shipped.Model.WeightsOf(Contexts.Searching), model.WeightsOf(Contexts.Searching));
        Assert.Equal(-2, model.WeightsOf(Contexts.Active)[FeatureSchema.Popular1d]);
    }

    [Fact]
    public void Rank_SearchedInVainOrOnlyDismissed_IsAsNew()
    {
        var world = new World().Item("a", [1, 0]).Item("b", [1, 0]).Item("c", [1, 0]).With(World.Activity("a", popularity: 9)).Published();
        var inVain = new Profile { LastEventUnixMs = World.NowMs };
        inVain.Queries.Add(new ProfileQuery { Text = "zz", Vector = World.Encode(0, 1), Centred = true, TimeUnixMs = World.NowMs });
        var dismissing = World.Profile("c");
        dismissing.Items[0].Kinds = 1u << (int)EventKind.Dismiss;
        var answered = inVain.Clone();
        answered.Queries[0].Vector = World.Encode(1, 0.1f);
        answered.LastEventUnixMs++;

        int[] contexts = [.. new[] { null, inVain, dismissing, answered, World.Profile("c") }.Select(ContextOf)];

        Assert.Equal([Contexts.NewUser, Contexts.NewUser, Contexts.NewUser, Contexts.Active, Contexts.Returning], contexts);

        int ContextOf(Profile? profile)
        {
            using var request = world.Rank(profile, nowMs: World.NowMs + 1);
            return request.Context;
        }
    }

    [Fact]
    public void Rank_QueryIsTheLastAct_FollowsItWhateverWasLearnedWithoutSearches()
    {
        var world = new World().Item("near", [1, 0]).Item("popular", [0, 1]).With(World.Activity("popular", popularity: 90)).Published();
        var policy = Learned(steps: 1000);
        policy.Weights[FeatureSchema.Popular1d] = 50;
        policy.ContextWeights.RemoveAt(Contexts.Searching);
        world.Policies.Current = RankingPolicy.From(policy);
        var profile = new Profile { LastEventUnixMs = World.NowMs };
        profile.Queries.Add(new ProfileQuery { Text = "near", Vector = World.Encode(1, 0.1f), TimeUnixMs = World.NowMs });

        using var searching = world.Rank(profile);
        profile.LastEventUnixMs++;
        using var afterwards = world.Rank(profile);

        Assert.Equal((Contexts.Searching, "near"), (searching.Context, BestOf(searching)));
        Assert.Equal((Contexts.Active, "popular"), (afterwards.Context, BestOf(afterwards)));
    }

    [Fact]
    public void Explain_AnyCandidate_ContributionsSumToTheScoreExactly()
    {
        var world = TwoItems();
        foreach (var policy in new[] { RankingPolicy.Shipped, RankingPolicy.From(Learned(steps: 1000)) })
        {
            world.Policies.Current = policy;
            using var request = world.Rank(null);
            for (var candidate = 0; candidate < request.Count; candidate++)
            {
                var explanation = Explainer.Explain(request, policy, candidate);

                Assert.Equal(explanation.Score, explanation.Contributions.Aggregate(0.0, (sum, part) => sum + part.Value));
                Assert.Equal(request.ScoreOf(candidate), explanation.Score, 1e-9);
            }
        }
    }

    [Fact]
    public void Include_ItemThatIsNoCandidate_ScoresItLikeTheOthers()
    {
        var world = TwoItems();
        world.Policies.Current = RankingPolicy.From(Learned(steps: 1000));
        using var request = world.Rank(World.Profile("a"));

        var candidate = Recommender.Include(request, world.View.IndexOf("a"), world.Policies.Current);

        Assert.Equal(world.View.IndexOf("a"), request.Items[candidate]);
        Assert.True(request.ScoreOf(candidate) < request.ScoreOf(request.CandidateOf(world.View.IndexOf("b"))));
    }

    internal static Policy Learned(ulong steps)
    {
        var policy = new Policy { Name = "default", Version = 7, Schema = FeatureSchema.Version, Steps = steps };
        policy.Mean.AddRange(Enumerable.Repeat(1.0, FeatureSchema.Count));
        policy.Variance.AddRange(Enumerable.Repeat(4.0, FeatureSchema.Count));
        policy.Weights.AddRange(Enumerable.Range(0, FeatureSchema.Count).Select(feature => feature == FeatureSchema.Popular1d ? -2.0 : 0));
        for (var context = 0; context < Contexts.Count; context++)
        {
            var row = new Policy.Types.Row();
            row.Values.AddRange(Enumerable.Repeat(0.0, FeatureSchema.Count));
            policy.ContextWeights.Add(row);
        }

        return policy;
    }

    private static World TwoItems()
        => new World().Item("a", [1, 0]).Item("b", [0, 1]).With(World.Activity("a", popularity: 9))
            .With(World.Activity("b", popularity: 1)).Published();

    private static string BestOf(RankingRequest request)
        => request.View.Items.Ids[request.Items[Enumerable.Range(0, request.Count).MaxBy(request.ScoreOf)]];
}
