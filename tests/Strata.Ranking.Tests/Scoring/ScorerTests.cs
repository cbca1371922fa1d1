using Strata.Contracts.Policy.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Users.Core;
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
        world.Policies.Current = RankingPolicy.From(Learned(steps: 1000), new ScoringOptions());

        using var request = world.Rank(null);

        Assert.Equal("b", BestOf(request));
        var expected = -2 * Math.Clamp((Math.Log(0.02 + 9) - 1) / Math.Sqrt(4 + 1e-4), -5, 5);
        Assert.Equal(expected, request.ScoreOf(request.CandidateOf(world.View.IndexOf("a"))), 1e-5);
    }

    [Fact]
    public void From_FewStepsOrAnotherSchema_LeavesTheWeightsOut()
    {
        var options = new ScoringOptions();
        var other = Learned(steps: 1000);
        other.Schema++;

        Assert.Null(RankingPolicy.From(Learned(steps: 99), options).Model);
        Assert.NotNull(RankingPolicy.From(Learned(steps: 100), options).Model);
        Assert.Null(RankingPolicy.From(other, options).Model);
    }

    [Fact]
    public void Gather_SourceEvidence_RanksByTheBestSource()
    {
        var world = new World().Item("popular", createdMs: World.NowMs - World.DayMs).Item("fresh", createdMs: World.NowMs - 1)
            .With(World.Activity("popular", popularity: 9)).Published();
        var policy = new Policy { SourceTrials = 100 };
        policy.SourceHits.AddRange(Enumerable.Range(0, SourceSchema.Count).Select(source => source == SourceSchema.Popular3h ? 30.0 : 1));

        using (var before = world.Rank(null))
        {
            Assert.Equal("fresh", BestOf(before));
        }

        world.Policies.Current = RankingPolicy.From(policy, new ScoringOptions());
        using var after = world.Rank(null);
        Assert.Equal("popular", BestOf(after));
    }

    [Fact]
    public void Gather_NoEvidenceAndNoDates_NeighboursLeadForUsersWithHistory()
    {
        var x = World.Activity("x", firstTouches: 1);
        x.CoVisits.Add(World.Neighbour("with-x", 3));
        var world = new World().Item("x").Item("with-x").Item("popular").With(x).With(World.Activity("popular", popularity: 9)).Published();

        using (var known = world.Rank(World.Profile("x")))
        {
            Assert.Equal("with-x", BestOf(known));
        }

        using var stranger = world.Rank(null);
        Assert.Equal("popular", BestOf(stranger));
    }

    [Fact]
    public void Explain_AnyCandidate_ContributionsSumToTheScoreExactly()
    {
        var world = TwoItems();
        foreach (var policy in new[] { RankingPolicy.None, RankingPolicy.From(Learned(steps: 1000), new ScoringOptions()) })
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
    public void Include_ItemThatIsNoCandidate_ScoresItBehindTheOthers()
    {
        var world = TwoItems();
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
