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
        var (expected, least) = (Math.Pow(0.97, 63) * 12 / 9, 0.1 / (UserHistory.Capacity + 2));
        Assert.Equal(Math.Log(least + expected), world.Feature(request, "with", FeatureSchema.NeighboursAllLog), 1e-4);
        Assert.Equal(Math.Sqrt(expected), world.Feature(request, "with", FeatureSchema.NeighboursAllRoot), 1e-4);
        Assert.Equal(Math.Log(least), world.Feature(request, "without", FeatureSchema.NeighboursAllLog), 1e-4);
        Assert.Equal(Math.Log(least), world.Feature(request, "with", FeatureSchema.Neighbours5Log), 1e-4);
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

        const double Least = 0.1 / 4;
        Assert.Equal(Math.Log(Least + (4 / (6.0 + 2))), world.Feature(request, "x", FeatureSchema.NextOneLog), 1e-4);
        Assert.Equal(Math.Log(Least), world.Feature(request, "y", FeatureSchema.NextOneLog), 1e-4);
        Assert.Equal(Math.Log(Least + (0.7 * 4 / (6.0 + 2))), world.Feature(request, "y", FeatureSchema.NextLog), 1e-4);
    }

    [Theory]
    [InlineData(5, 0.02)]
    [InlineData(100, 0.001)]
    [InlineData(1000, 1e-4)]
    [InlineData(2000, 1e-4)]
    public void Affinities_OfOneUsersTwoClicks_AreHeldAgainstChance(int items, double least)
    {
        var last = World.Activity("i0", firstTouches: 1, transitionsOut: 1);
        last.Transitions.Add(World.Neighbour("i1", 1));
        last.CoVisits.Add(World.Neighbour("i1", 1));
        var other = World.Activity("i1", firstTouches: 1, transitionsOut: 1);
        other.Transitions.Add(World.Neighbour("i0", 1));
        var world = Enumerable.Range(0, items).Aggregate(new World(), (w, i) => w.Item($"i{i}")).With(last).With(other).Published();

        using var request = world.Rank(World.Profile("i0"));

        int[] ofSequences = [FeatureSchema.NextLog, FeatureSchema.NextSharpLog, FeatureSchema.NextOneLog, FeatureSchema.PreviousLog];
        int[] ofCoVisits =
        [
            FeatureSchema.Neighbours1Log, FeatureSchema.Neighbours3Log, FeatureSchema.Neighbours5Log, FeatureSchema.NeighboursAllLog,
        ];
        Assert.All(ofSequences, feature => Assert.Equal(Math.Log((least + (1 / 3.0)) / least), Above(feature), 1e-4));
        Assert.All(ofCoVisits, feature => Assert.Equal(Math.Log((least + (1 / 6.0)) / least), Above(feature), 1e-4));

        // How far the item stands above the newest, of which nobody knows anything.
        double Above(int feature) => world.Feature(request, "i1", feature) - world.Feature(request, $"i{items - 1}", feature);
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
