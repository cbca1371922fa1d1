using Strata.Contracts.Events.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Explanations;
using Strata.Ranking.Scoring.Core;

namespace Strata.Ranking.Tests.Explanations;

[Trait("height", "unit")]
public sealed class ExplainerTests
{
    [Fact]
    public void ReasonFor_CoVisitedItem_NamesTheOwnItemAndTheLayer()
    {
        var own = World.Activity("own", firstTouches: 2);
        own.CoVisits.Add(World.Neighbour("with", 3));
        var world = new World().Item("own", [1, 0], title: "Trail Runner 3").Item("with", [0.1f, 1]).Item("far", [-1, 0]).With(own)
            .With(World.LayerSet(1, [], (4, [1, 0], 1))).Published();

        var reason = Reason(world, World.Profile("own"), "with");

        Assert.Equal("Often chosen together with «Trail Runner 3»; layer: word4", reason.Text);
        Assert.Equal(["own"], reason.BecauseOf);
        Assert.Contains("neighbours_3", reason.Sources);
    }

    [Fact]
    public void ReasonFor_WhatEverybodyTakes_IsNotOftenChosenTogether()
    {
        var own = World.Activity("own", firstTouches: 40);
        own.CoVisits.Add(World.Neighbour("with", 4));
        own.CoVisits.Add(World.Neighbour("hit", 20));
        var world = new World().Item("own", [1, 0]).Item("with", [0.1f, 1]).Item("hit", [-1, 0]).With(own)
            .With(World.Activity("with", firstTouches: 8)).With(World.Activity("hit", firstTouches: 400))
            .Published();

        Assert.StartsWith("Often chosen together", Reason(world, World.Profile("own"), "with").Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Often", Reason(world, World.Profile("own"), "hit").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ReasonFor_LikeText_SaysWhatTheUserDid()
    {
        var world = new World().Item("own", [1, 0], title: "Trail Runner 3").Item("other", [0, 1]).Item("like", [1, 0.2f]).Published();
        var profile = World.Profile("own", "other");
        profile.Items[0].Kinds |= 1u << (int)EventKind.Purchase;

        Assert.Equal("Because you bought «Trail Runner 3»", Reason(world, profile, "like").Text);
        profile.Items[0].Kinds = 1u << (int)EventKind.Click;
        Assert.Equal("Because you looked at «Trail Runner 3»", Reason(world, profile, "like").Text);
    }

    [Fact]
    public void ReasonFor_Query_QuotesIt()
    {
        var world = new World().Item("north", [0, 1]).Published();
        var query = new ProfileQuery { Text = "go north", Vector = World.Encode(0, 1), TimeUnixMs = World.NowMs };
        var profile = new Profile { LastEventUnixMs = World.NowMs, Queries = { query } };

        var reason = Reason(world, profile, "north");

        Assert.Equal("Because you searched for “go north”", reason.Text);
        Assert.Equal(["query: go north"], reason.BecauseOf);
    }

    [Fact]
    public void ReasonFor_Stranger_SaysPopularOrNew()
    {
        var world = new World().Item("popular", [1, 0]).Item("new", [0, 1], createdMs: World.NowMs - 1)
            .With(World.Activity("popular", popularity: 4)).With(World.LayerSet(1, [], (4, [1, 0], 1), (5, [0, 1], 1))).Published();

        Assert.Equal("Popular today in word4", Reason(world, null, "popular").Text);
        Assert.Equal("New in word5", Reason(world, null, "new").Text);
    }

    [Fact]
    public void ReasonFor_InALanguage_IsSaidInIt()
    {
        var world = new World().Item("own", [1, 0], title: "鉄瓶").Item("like", [1, 0.2f]).Item("popular", [-1, 0])
            .With(World.Activity("popular", popularity: 4)).With(World.LayerSet(1, [], (4, [1, 0], 1), (5, [-1, 0], 1))).Published();

        Assert.Equal("Weil Sie „鉄瓶“ angesehen haben; Bereich: word4", Said("like", "de"));
        Assert.Equal("Popular hoy en la sección word5", Said("popular", "es"));

        string Said(string id, string language)
        {
            using var request = world.Rank(World.Profile("own"));
            var candidate = request.CandidateOf(world.View.IndexOf(id));
            var explanation = Explainer.Explain(request, world.Policies.Current, candidate);
            return Explainer.ReasonFor(
                request, world.Policies.Current, candidate, explanation, exploration: false, language: Sentences.For([language])).Text;
        }
    }

    [Fact]
    public void ReasonFor_Exploration_SaysSo()
    {
        var world = new World().Item("a", [1, 0]).With(World.LayerSet(1, [], (4, [1, 0], 1))).Published();
        using var request = world.Rank(null);

        var reason = Explainer.ReasonFor(
            request, RankingPolicy.Shipped, 0, Explainer.Explain(request, RankingPolicy.Shipped, 0), exploration: true);

        Assert.True(reason.Exploration);
        Assert.Equal("Something different to try, from word4", reason.Text);
    }

    private static Reason Reason(World world, Profile? profile, string id)
    {
        using var request = world.Rank(profile);
        var candidate = request.CandidateOf(world.View.IndexOf(id));
        return Explainer.ReasonFor(
            request, world.Policies.Current, candidate, Explainer.Explain(request, world.Policies.Current, candidate), exploration: false);
    }
}
