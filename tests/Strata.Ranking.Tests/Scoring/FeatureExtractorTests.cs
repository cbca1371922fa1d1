using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Scoring;

/// <summary>The features that the prototype did not have; <see cref="PrototypeTests"/> has the others.</summary>
[Trait("height", "unit")]
public sealed class FeatureExtractorTests
{
    [Fact]
    public void NeighboursAll_CountsTheOldestItemRemembered()
    {
        string[] own = [.. Enumerable.Range(0, UserHistory.Capacity).Select(k => $"own{k}")];
        var oldest = World.Activity(own[^1], firstTouches: 4);
        oldest.CoVisits.Add(World.Neighbour("with", 12));
        var world = own.Aggregate(new World().Item("with").Item("without"), (w, id) => w.Item(id)).With(oldest)
            .With(World.Activity("with", firstTouches: 4)).Published();

        using var request = world.Rank(World.Profile(own));

        // 0.97^63 · 12 / √((4 + 5)(4 + 5)).
        var expected = Math.Pow(0.97, 63) * 12 / 9;
        Assert.Equal(Math.Log(1e-4 + expected), world.Feature(request, "with", FeatureSchema.NeighboursAllLog), 1e-4);
        Assert.Equal(Math.Sqrt(expected), world.Feature(request, "with", FeatureSchema.NeighboursAllRoot), 1e-4);
        Assert.Equal(Math.Log(1e-4), world.Feature(request, "without", FeatureSchema.NeighboursAllLog), 1e-4);
        Assert.Equal(Math.Log(1e-4), world.Feature(request, "with", FeatureSchema.Neighbours5Log), 1e-4);
    }

    [Fact]
    public void NextOne_FollowsTheLastItemOnly()
    {
        var last = World.Activity("last", transitionsOut: 6);
        last.Transitions.Add(World.Neighbour("x", 4));
        var before = World.Activity("before", transitionsOut: 6);
        before.Transitions.Add(World.Neighbour("y", 4));
        var world = new World().Item("last").Item("before").Item("x").Item("y").With(last).With(before).Published();

        using var request = world.Rank(World.Profile("last", "before"));

        Assert.Equal(Math.Log(1e-4 + (4 / (6.0 + 2))), world.Feature(request, "x", FeatureSchema.NextOneLog), 1e-4);
        Assert.Equal(Math.Log(1e-4), world.Feature(request, "y", FeatureSchema.NextOneLog), 1e-4);
        Assert.Equal(Math.Log(1e-4 + (0.7 * 4 / (6.0 + 2))), world.Feature(request, "y", FeatureSchema.NextLog), 1e-4);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void BornAndTouchedSince_CompareWithTheUsersLastEvent(bool stranger, int since)
    {
        // The user's last event was an hour ago.
        var world = new World().Item("own").Item("new", createdMs: World.NowMs - 1).Item("old", createdMs: World.NowMs - World.DayMs)
            .With(World.Activity("old", popularity: 1, asOfMs: World.NowMs - (2 * World.HourMs)))
            .With(World.Activity("new", popularity: 1)).Published();

        using var request = world.Rank(stranger ? null : World.Profile("own"));

        Assert.Equal(
            (since, since),
            (world.Feature(request, "new", FeatureSchema.BornSince), world.Feature(request, "new", FeatureSchema.TouchedSince)));
        Assert.Equal(
            (0, 0), (world.Feature(request, "old", FeatureSchema.BornSince), world.Feature(request, "old", FeatureSchema.TouchedSince)));
    }
}
