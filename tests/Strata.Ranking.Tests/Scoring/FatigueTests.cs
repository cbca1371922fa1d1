using CsCheck;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Explanations;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Tests.Scoring;

[Trait("height", "unit")]
public sealed class FatigueTests
{
    private static readonly ScoringOptions Defaults = new();

    [Fact]
    public void Of_AnyCount_SinksTheMoreTheOftener_AndNeverByMoreThanTheMost()
        => Gen.Select(Gen.Double[0, 1e6], Gen.Double[0, 1e6], Gen.Double[0, 20], Gen.Double[.1, 1000]).Sample((one, other, most, times) =>
        {
            var options = new ScoringOptions { FatigueMost = most, FatigueTimes = times };
            var (less, more) = (Fatigue.Of(Math.Min(one, other), options), Fatigue.Of(Math.Max(one, other), options));
            Assert.True(more <= less && more >= -most && less <= 0, $"{less} {more}");
        });

    [Fact]
    public void Of_AsOftenAsHalfTakes_IsHalfOfTheMost()
        => Assert.Equal(-Defaults.FatigueMost / 2, Fatigue.Of(Defaults.FatigueTimes, Defaults), 1e-12);

    [Fact]
    public void Rank_ItemShownOften_SinksByWhatIsSaid_AndOthersStay()
    {
        var world = Shop();
        using var before = world.Rank(null);
        using var after = world.Rank(null, outcomes: World.PassedOver(("i0", 4)));

        var expected = Fatigue.Of(4 * Math.Pow(.5, 1.0 / (7 * 24)), Defaults);
        Assert.Equal(expected, ScoreOf(after, "i0") - ScoreOf(before, "i0"), 1e-9);
        Assert.InRange(expected, -Defaults.FatigueMost, -Defaults.FatigueMost / 2);
        Assert.All(Enumerable.Range(1, 11), i => Assert.Equal(ScoreOf(before, $"i{i}"), ScoreOf(after, $"i{i}")));
    }

    [Fact]
    public void Build_HeadShownOften_GivesItsPlaceToOthers_UntilTimePasses()
    {
        var world = Shop();
        var usual = Slate(world, null);
        var passed = World.PassedOver((usual[0], 50), (usual[1], 50));

        var tired = Slate(world, passed);
        var rested = Slate(world, passed, World.NowMs + (100 * World.DayMs));

        Assert.DoesNotContain(usual[0], tired.Take(2));
        Assert.DoesNotContain(usual[1], tired.Take(2));
        Assert.Equal(usual.Order(), tired.Order());
        Assert.Equal(Slate(world, null, World.NowMs + (100 * World.DayMs)), rested);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, false)]
    public void Rank_ItemTheUserHadToDoWithSince_IsRestored(int hoursAgo, bool restored)
    {
        var world = Shop();
        var profile = World.Profile("i0");
        profile.Items[0].LastUnixMs = World.NowMs - (hoursAgo * World.HourMs);
        profile.Items[0].Kinds = 1u << (int)EventKind.Click;
        var repeats = RequestConstraints.Usual with { AllowRepeats = true };

        using var usual = world.Rank(profile, repeats);
        using var request = world.Rank(profile, repeats, outcomes: World.PassedOver(("i0", 9)));

        Assert.Equal(restored, ScoreOf(request, "i0") == ScoreOf(usual, "i0"));
    }

    [Fact]
    public void Rank_LastActIsASearch_NothingSinks()
    {
        var world = Shop();
        var profile = new Profile { LastEventUnixMs = World.NowMs };
        profile.Queries.Add(new ProfileQuery { Text = "i0", Vector = World.Encode(1, 0.1f), TimeUnixMs = World.NowMs });

        using var request = world.Rank(profile, outcomes: World.PassedOver(("i0", 9)));

        Assert.Equal(0, request.Passed.FatigueOf(world.View.IndexOf("i0")));
    }

    [Fact]
    public void Rank_SwitchedOff_ScoresAndSaysWhatItWould_WereNothingKnown()
    {
        var world = Shop(new ScoringOptions { FatigueMost = 0 });
        var passed = World.PassedOver([.. Enumerable.Range(0, 12).Select(i => ($"i{i}", (float)i))]);
        using var unknown = world.Rank(null);
        using var request = world.Rank(null, outcomes: passed);

        Assert.Equal(
            Enumerable.Range(0, unknown.Count).Select(unknown.ScoreOf), Enumerable.Range(0, request.Count).Select(request.ScoreOf));
        Assert.Equal(Slate(world, null), Slate(world, passed));
        Assert.Equal(Reasons(unknown, RankingPolicy.Shipped), Reasons(request, RankingPolicy.Shipped));
    }

    [Fact]
    public void Rank_AnotherUserAfterOneWhoIsTired_KnowsNothingOfIt()
    {
        var world = Shop();
        using (world.Rank(null, outcomes: World.PassedOver(("i0", 9))))
        {
        }

        using var request = world.Rank(null);

        Assert.Equal(0, request.Passed.FatigueOf(world.View.IndexOf("i0")));
    }

    [Fact]
    public void Explain_AnyCounts_ContributionsSumToTheScore_AndFatigueIsOneOfThem()
    {
        var world = Shop();
        Gen.Select(Gen.Float[0, 100].Array[12], Gen.Bool.Array[12]).Sample(
            (counts, known) =>
            {
                var passed = World.PassedOver([.. Enumerable.Range(0, 12).Where(i => known[i]).Select(i => ($"i{i}", counts[i]))]);
                using var request = world.Rank(World.Profile("i3"), outcomes: passed);
                for (var candidate = 0; candidate < request.Count; candidate++)
                {
                    var explanation = Explainer.Explain(request, RankingPolicy.Shipped, candidate);
                    var fatigue = explanation.Contributions.Where(part => part.Feature == "fatigue").Select(part => part.Value);

                    Assert.Equal(request.ScoreOf(candidate), explanation.Contributions.Sum(part => part.Value), 1e-4);
                    Assert.Equal(request.Passed.FatigueOf(request.Items[candidate]), fatigue.SingleOrDefault());
                    Assert.All(fatigue, value => Assert.InRange(value, -Defaults.FatigueMost, 0));
                }
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public void ReasonFor_ItemPassedOverMoreThanOnce_SaysHowOften()
    {
        var world = Shop();
        using var request = world.Rank(null, outcomes: World.PassedOver(("i0", 6), ("i1", 1)));

        Assert.EndsWith("; shown to you 6 times without your choosing it", ReasonOf(request, "i0").Text, StringComparison.Ordinal);
        Assert.Contains(ReasonOf(request, "i0").Contributions, part => part.Feature == "fatigue");
        Assert.DoesNotContain("shown to you", ReasonOf(request, "i1").Text, StringComparison.Ordinal);
        Assert.Contains("Ihnen schon 6-mal gezeigt", ReasonOf(request, "i0", "de").Text, StringComparison.Ordinal);
    }

    private static World Shop(ScoringOptions? scoring = null)
    {
        var world = new World(scoring: scoring).With(World.LayerSet(1, [], (1, [1, 0], 1), (2, [0, 1], 1)));
        for (var i = 0; i < 12; i++)
        {
            world.Item($"i{i}", i % 2 == 0 ? [1, .1f * i] : [.1f * i, 1]).With(World.Activity($"i{i}", popularity: 12 - (.2 * i)));
        }

        return world.Published();
    }

    private static double ScoreOf(RankingRequest request, string item)
        => request.ScoreOf(request.CandidateOf(request.View.IndexOf(item)));

    private static string[] Slate(World world, UserPolicy? outcomes, long nowMs = World.NowMs)
    {
        using var request = world.Rank(null, nowMs: nowMs, outcomes: outcomes);
        var layers = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, World.Slates());
        var slate = SlateBuilder.Build(request, layers, 12, 0, World.Slates(), new Random(1));
        return [.. slate.Select(placed => world.View.Items.Ids[placed.Item])];
    }

    private static string[] Reasons(RankingRequest request, RankingPolicy policy)
        => [.. Enumerable.Range(0, request.Count).Select(candidate => Explainer.ReasonFor(
            request, policy, candidate, Explainer.Explain(request, policy, candidate), exploration: false, told: 100).ToString())];

    private static Contracts.Ranking.V1.Reason ReasonOf(RankingRequest request, string item, string language = "en")
    {
        var candidate = request.CandidateOf(request.View.IndexOf(item));
        var explanation = Explainer.Explain(request, RankingPolicy.Shipped, candidate);
        return Explainer.ReasonFor(
            request, RankingPolicy.Shipped, candidate, explanation, exploration: false, language: Sentences.For([language]));
    }
}
