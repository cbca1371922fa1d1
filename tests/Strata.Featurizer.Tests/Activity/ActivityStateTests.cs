using Strata.Contracts.Activity.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Activity.Core;

namespace Strata.Featurizer.Tests.Activity;

[Trait("height", "unit")]
public sealed class ActivityStateTests
{
    // Windows and weights that are easy to reckon with.
    private static readonly ActivityOptions Plain = new() { CoVisitWindow = 20, CoVisitDecay = 1, TransitionDecay = .8 };

    private const long Day = 86_400_000;
    private const long Start = 1_700_000_000_000;

    private readonly ActivityState _state = new(Plain, 0);
    private readonly ActivityAccumulator _accumulator = new(Plain, 3, 77, 0, 1);
    private long _offset;

    [Fact]
    public void Apply_ThreeTouchesByHand_GivesTheNumbersOfTheAlgorithm()
    {
        // One user: a on day 0, b on day 1, c on day 3, then a again on day 7.
        Touch("a", 0);
        Touch("b", 1, ("a", 0));
        Touch("c", 3, ("b", 1), ("a", 0));
        Touch("a", 7, ("c", 3), ("b", 1), ("a", 0));
        Cut();

        var a = _state.Find("a")!;
        Assert.Equal(Start + (7 * Day), a.AsOfUnixMs);
        Assert.Equal(
            [1 + Math.Pow(2, -7 * 24), 1 + Math.Pow(2, -7 * 8), 1 + Math.Pow(2, -7), 1.5, 1 + Math.Pow(2, -7 / 60.0), 2],
            a.Popularity.Select(value => Math.Round(value, 12)),
            (x, y) => Math.Abs(x - y) < 1e-11);
        Assert.Equal(Math.Pow(2, -7 / 90.0), a.FirstTouches, 1e-12);
        Assert.Equal(Start, a.FirstEventUnixMs);
        Assert.Equal(Start + (7 * Day), a.LastEventUnixMs);

        // b came after a when a was one day old, c when a was three days old, as the one before the last.
        Assert.Equal([("b", Math.Pow(2, -6 / 60.0) * .5), ("c", Math.Pow(2, -4 / 60.0) * .8 / 4)], a.Transitions.Select(Pair), Close);
        Assert.Equal((Math.Pow(2, -6 / 60.0) * .5) + (Math.Pow(2, -4 / 60.0) * .8 / 4), a.TransitionsOut, 1e-7);
        Assert.Equal([("c", Math.Pow(2, -4 / 90.0)), ("b", Math.Pow(2, -6 / 90.0))], a.CoVisits.Select(Pair), Close);

        var c = _state.Find("c")!;
        Assert.Equal(["a", "b"], c.CoVisits.Select(neighbour => neighbour.ItemId).Order());
        Assert.All(c.CoVisits, neighbour => Assert.Equal(1, neighbour.Weight, 1e-7));
        Assert.Empty(c.Transitions);
        Assert.Equal(0, c.TransitionsOut);
    }

    [Fact]
    public void Apply_BeyondTheWindows_GivesNothing()
    {
        var before = Enumerable.Range(0, 30).Select(k => ($"i{k}", 0.0)).ToArray();
        Touch("x", 0, before);
        Cut();

        Assert.Equal(20, _state.Find("x")!.CoVisits.Count);
        Assert.NotNull(_state.Find("i19"));
        Assert.Null(_state.Find("i20"));
        Assert.Single(_state.Find("i4")!.Transitions);
        Assert.Empty(_state.Find("i5")!.Transitions);
        Assert.Equal(Math.Pow(.8, 4), _state.Find("i4")!.TransitionsOut, 1e-7);
    }

    [Fact]
    public void Apply_FiveHundredHalfLives_KeepsOrderAndStaysFinite()
    {
        Touch("b", 0, ("a", 0));
        Touch("b", 0, ("a", 0));
        var years = 500 * 90.0;
        Touch("c", years, ("a", 0));
        Touch("c", years, ("a", 0));
        Touch("d", years + 90, ("a", 0));
        Cut();

        var a = _state.Find("a")!;
        Assert.Equal(
            ["d", "c"], a.CoVisits.Where(neighbour => neighbour.Weight > .1).Select(neighbour => neighbour.ItemId).OrderDescending());
        Assert.Equal([1f, 1f], a.CoVisits.Where(neighbour => neighbour.Weight > .1).Select(neighbour => neighbour.Weight));
        Assert.All(a.Popularity, value => Assert.True(double.IsFinite(value)));
        var b = _state.Find("b")!;
        Assert.Equal(2, b.Popularity[5]);
        Touch("b", years, ("a", 0));
        Cut();
        Assert.Equal([1, 1, 1, 1, 1, 3], _state.Find("b")!.Popularity);
    }

    [Fact]
    public void Apply_LateEvent_EqualsTheSameEventInTime()
    {
        Touch("b", 5, ("a", 4));
        Touch("b", 2, ("c", 1));
        Cut();
        var late = _state.Find("b")!;
        var inTime = new ActivityState(Plain, 0);
        var accumulator = new ActivityAccumulator(Plain, 3, 77, 0, 1);
        accumulator.Add(0, Start + (2 * Day), "b", [new ProfileItem { ItemId = "c", LastUnixMs = Start + Day }]);
        accumulator.Add(1, Start + (5 * Day), "b", [new ProfileItem { ItemId = "a", LastUnixMs = Start + (4 * Day) }]);
        inTime.Apply(accumulator.Cut(2)[0]);

        var expected = inTime.Find("b")!;
        Assert.Equal(expected.AsOfUnixMs, late.AsOfUnixMs);
        Assert.Equal(expected.Popularity, late.Popularity, (x, y) => Math.Abs(x - y) < 1e-9 * x);
        Assert.Equal(expected.FirstTouches, late.FirstTouches, 1e-9);
        Assert.Equal(expected.CoVisits.Select(Pair), late.CoVisits.Select(Pair), Close);
        Assert.Equal(Start + (2 * Day), late.FirstEventUnixMs);
    }

    [Fact]
    public void Apply_FullList_ReplacesItsSmallest()
    {
        for (var i = 0; i < 50; i++)
        {
            Touch("x", 0, ($"n{i}", 0));
            Touch("x", 0, ($"n{(i == 7 ? 8 : i)}", 0));
        }

        Touch("x", 10, ("new", 0));
        Cut();

        var names = _state.Find("x")!.CoVisits.Select(neighbour => neighbour.ItemId).ToHashSet();
        Assert.Equal(50, names.Count);
        Assert.Contains("new", names);
        Assert.DoesNotContain("n7", names);
    }

    [Fact]
    public void Apply_TheSameDeltaAgain_ChangesNothing()
    {
        Touch("a", 0);
        var delta = _accumulator.Cut(_offset)[0];
        _state.Apply(delta);

        Assert.Equal(ActivityDeltaOutcome.Duplicate, _state.Apply(delta));
        Assert.Equal(1, _state.Find("a")!.Popularity[5]);
    }

    [Fact]
    public void Apply_ADeltaThatOverlaps_CountsWhatIsNew()
    {
        Touch("a", 0);
        Cut();
        var again = new ActivityAccumulator(Plain, 3, 77, 0, 1);
        again.Add(0, Start, "a", []);
        again.Add(1, Start, "a", [new ProfileItem { ItemId = "a" }]);

        Assert.Equal(ActivityDeltaOutcome.PartlyApplied, _state.Apply(again.Cut(2)[0]));
        Assert.Equal(2, _state.Find("a")!.Popularity[5]);
        Assert.Equal(2, _state.Marker().Positions[0].Next);
    }

    [Fact]
    public void Apply_AGap_Throws()
    {
        Touch("a", 0);
        Cut();

        Assert.Throws<ActivityGapException>(() => _state.Apply(new ActivityDelta { EventsPartition = 3, Log = 77, From = 2, To = 3 }));
        Assert.Equal(ActivityDeltaOutcome.Applied, _state.Apply(new ActivityDelta { EventsPartition = 3, Log = 77, From = 1, To = 3 }));
    }

    [Fact]
    public void Apply_AnotherLog_StartsAnew()
    {
        Touch("a", 0);
        Cut();

        Assert.Equal(ActivityDeltaOutcome.Applied, _state.Apply(new ActivityDelta { EventsPartition = 3, Log = 78, From = 0, To = 4 }));
        Assert.Equal(ActivityDeltaOutcome.Applied, _state.Apply(new ActivityDelta { EventsPartition = 2, Log = 78, From = 9, To = 10 }));
        Assert.Equal(
            [(2, 78ul, 10L), (3, 78ul, 4L)],
            _state.Marker().Positions.Select(position => (position.EventsPartition, position.Log, position.Next)));
    }

    [Fact]
    public void Apply_CoVisits_WeighLessTheFartherBackTheyLie()
    {
        var options = new ActivityOptions();
        var (state, accumulator) = (new ActivityState(options, 0), new ActivityAccumulator(options, 3, 77, 0, 1));
        accumulator.Add(0, Start, "x", [.. "abcdef".Select(item => new ProfileItem { ItemId = item.ToString(), LastUnixMs = Start })]);
        state.Apply(accumulator.Cut(1)[0]);

        Assert.Equal(["a", "b", "c", "d", "e"], state.Find("x")!.CoVisits.Select(neighbour => neighbour.ItemId));
        Assert.Equal([1, .7, .49, .343, .2401], state.Find("x")!.CoVisits.Select(neighbour => Math.Round(neighbour.Weight, 4)));
        Assert.Equal(("x", .49), (state.Find("c")!.CoVisits[0].ItemId, Math.Round(state.Find("c")!.CoVisits[0].Weight, 4)));
    }

    [Fact]
    public void Restore_WhatWasPublished_GoesOnFromThere()
    {
        Touch("b", 0, ("a", 0));
        Cut();
        var restored = new ActivityState(Plain, 0);
        foreach (var item in _state.TakeChanged())
        {
            restored.Restore(ItemActivity.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(item)));
        }

        restored.Restore(_state.Marker());
        Touch("c", 2, ("b", 0), ("a", 0));
        var delta = _accumulator.Cut(_offset)[0];
        _state.Apply(delta);
        restored.Apply(delta);

        Assert.All(new[] { "a", "b", "c" }, id => Assert.Equal(_state.Find(id), restored.Find(id)));
        Assert.Equal(3, _state.TakeChanged().Count);
        Assert.Empty(_state.TakeChanged());
    }

    [Fact]
    public void Remove_AnItem_IsGoneAndComesBackFresh()
    {
        Touch("a", 0);
        Cut();

        Assert.True(_state.Remove("a"));
        Assert.False(_state.Remove("a"));
        Assert.Null(_state.Find("a"));
        Assert.Empty(_state.TakeChanged());
        Touch("a", 1);
        Cut();
        Assert.Equal(1, _state.Find("a")!.Popularity[5]);
        Assert.Equal(1, _state.Items);
    }

    private static (string, double) Pair(ItemActivity.Types.Neighbour neighbour) => (neighbour.ItemId, neighbour.Weight);

    private static bool Close((string Item, double Weight) a, (string Item, double Weight) b)
        => a.Item == b.Item && Math.Abs(a.Weight - b.Weight) < 1e-6;

    private void Touch(string item, double day, params (string Item, double Day)[] before)
        => _accumulator.Add(
            _offset++,
            Start + (long)(day * Day),
            item,
            [.. before.Select(seen => new ProfileItem { ItemId = seen.Item, LastUnixMs = Start + (long)(seen.Day * Day) })]);

    private void Cut() => _state.Apply(_accumulator.Cut(_offset)[0]);
}
