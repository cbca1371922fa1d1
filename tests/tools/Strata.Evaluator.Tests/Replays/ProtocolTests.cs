using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Tests.Replays;

[Trait("height", "unit")]
public sealed class ProtocolTests
{
    [Fact]
    public void Plan_WithoutFrom_WarmsUpOnTheFirstQuarter()
    {
        var options = new ReplayOptions();
        var stream = TestStreams.Hourly(options, 8, "a i0", "a i1", "a i2", "a i3", "a i4", "a i5", "a i6", "a i7");

        Assert.Equal([2, 3, 4, 5, 6, 7], TestPlan.Of(stream, options).Events);
    }

    [Fact]
    public void Plan_WithFrom_StartsThere()
    {
        var options = new ReplayOptions { From = TestStreams.Start.AddHours(2.5) };
        var stream = TestStreams.Hourly(options, 4, "a i0", "a i1", "a i2", "a i3");

        Assert.Equal([3], TestPlan.Of(stream, options).Events);
    }

    [Fact]
    public void Stream_WithUntil_EndsThere()
    {
        var options = new ReplayOptions { Until = TestStreams.Start.AddHours(2), From = TestStreams.Start };
        var stream = TestStreams.Hourly(options, 4, "a i0", "a i1", "a i2", "a i3");

        Assert.Equal((2, 0), (stream.Count, stream.Unknown));
        Assert.Equal([0, 1], TestPlan.Of(stream, options).Events);
    }

    [Fact]
    public void Plan_LeavesOutRepeatsAndTypesNotScored()
    {
        var options = new ReplayOptions { From = TestStreams.Start };
        var stream = TestStreams.Hourly(options, 3, "a i0", "a i0", "a i1 view", "a i1", "a i2 ask", "b i2 answer");

        Assert.Equal([0, 5], TestPlan.Of(stream, options).Events);
        Assert.Equal([0, 1, 3, 5], TestPlan.Of(stream, options with { Variant = Variant.WithRepeats }).Events);
    }

    [Fact]
    public void Plan_OfASample_IsTheSameForASeedAndAnotherForAnother()
    {
        var options = new ReplayOptions { From = TestStreams.Start, Scored = 5, Seed = 1 };
        var stream = TestStreams.Hourly(options, 60, [.. Enumerable.Range(0, 60).Select(i => $"u{i} i{i}")]);

        var plan = TestPlan.Of(stream, options);

        Assert.Equal(5, plan.Events.Length);
        Assert.Equal(60, plan.Eligible);
        Assert.Equal(plan.Events, TestPlan.Of(stream, options).Events);
        Assert.NotEqual(plan.Events, TestPlan.Of(stream, options with { Seed = 2 }).Events);
    }

    [Fact]
    public void Stream_OfOneMoment_KeepsUsersTogetherAndTheirLinesInOrder()
    {
        var options = new ReplayOptions();
        var stream = ReplayStream.Of(
            TestStreams.Catalogue(3),
            [
                TestStreams.Event(1, TestStreams.Start, "b i2"),
                TestStreams.Event(2, TestStreams.Start, "a i1"),
                TestStreams.Event(3, TestStreams.Start, "b i0"),
            ],
            options);

        Assert.Equal(["a", "b", "b"], stream.User.Select(user => stream.Users[user]));
        Assert.Equal(["i1", "i2", "i0"], stream.Item.Select(item => stream.Items[item].ItemId));
        Assert.Equal(3, stream.BasketEnd(1));
    }

    [Fact]
    public void Stream_WithATypeOfMidnightsOnly_PlacesItAtTheEndOfItsDay()
    {
        var options = new ReplayOptions();
        var stream = ReplayStream.Of(
            TestStreams.Catalogue(2),
            [
                TestStreams.Event(1, TestStreams.Start, "a i0 favorite"),
                TestStreams.Event(2, TestStreams.Start.AddHours(3), "a i1 answer"),
            ],
            options);

        Assert.Equal(["i1", "i0"], stream.Item.Select(item => stream.Items[item].ItemId));
        Assert.Equal(TestStreams.Start.AddDays(1).AddSeconds(-1).ToUnixTimeMilliseconds(), stream.Time[1]);
    }

    [Fact]
    public void Stream_WithCreations_MovesEventsAfterThemAndCountsTheLiving()
    {
        var created = TestStreams.Start.AddHours(5);
        var stream = ReplayStream.Of(
            [TestStreams.Created("late", created), TestStreams.Created("early", TestStreams.Start)],
            [TestStreams.Event(1, TestStreams.Start.AddHours(1), "a late")],
            new ReplayOptions());

        Assert.Equal(created.ToUnixTimeMilliseconds(), stream.Time[0]);
        Assert.Equal(1, stream.AliveAt(created.AddSeconds(-1).ToUnixTimeMilliseconds()));
        Assert.Equal(2, stream.AliveAt(created.ToUnixTimeMilliseconds()));
    }
}
