using Strata.Evaluator.Baselines;
using Strata.Evaluator.Measures;
using Strata.Evaluator.Streams;
using Strata.Evaluator.Tests.Replays;

namespace Strata.Evaluator.Tests.Baselines;

[Trait("height", "unit")]
public sealed class BaselineTests
{
    private static readonly ReplayOptions Everything = new() { From = TestStreams.Start };

    [Fact]
    public void Popularity_RanksByCountWithTiesInTheMiddle()
    {
        // At c's first event: i1 had two events, i0 one, i2 and i3 none.
        var ranks = Run(Everything, 4, stream => new Popularity(stream.Items.Length), "a i1", "b i1", "a i0", "c i1", "c i2");

        // 4 items untouched, i1 one event ahead of three ties, i0: one of three without an event that a does not have, i1 on top, i2 behind
        // i0 in a tie of two.
        Assert.Equal([new(0, 4), 0, new(0, 3), 0, new(1, 2)], ranks.Ranks);
    }

    [Fact]
    public void RecentPopularity_AfterFiveHundredHalfLives_StillOrders()
    {
        var options = Everything;
        var late = TestStreams.Start.AddHours(500);
        var stream = ReplayStream.Of(
            TestStreams.Catalogue(3),
            [
                .. Enumerable.Range(0, 50).Select(i => TestStreams.Event(i + 1, TestStreams.Start, $"u{i} i0")),
                TestStreams.Event(60, late, "x i1"), TestStreams.Event(
                    61,
                    late.AddMinutes(1),
                    "y i1"), TestStreams.Event(62, late.AddMinutes(2), "z i2"),
            ],
            options);
        var plan = TestPlan.Of(stream, options);
        var baseline = new RecentPopularity(3);
        for (var i = 0; i < stream.Count - 1; i++)
        {
            baseline.Learn(new Touch(stream.User[i], stream.Item[i], stream.Time[i], true, null));
        }

        var scores = new Scores(3);
        baseline.Score(new Request(0, stream.Time[^1], 3, new bool[3], 0, null), 0, scores);
        Span<int> top = stackalloc int[3];
        scores.Top(new Request(0, stream.Time[^1], 3, new bool[3], 0, null), top);

        Assert.Equal([1, 0, 2], top.ToArray());
    }

    [Fact]
    public void Newest_RanksByCreationThenByFirstEvent()
    {
        var baseline = new Newest([0, 5_000, 9_000, 0]);
        baseline.Learn(new Touch(0, 3, 7_000, true, null));

        Assert.Equal([2, 3, 1, 0], Top(baseline, 4, null, 10_000));
    }

    [Fact]
    public void Markov_FollowsTheDirectionOfTheLastStep()
    {
        // i0 → i1 twice; nobody ever went from i1 to i0.
        var ranks = Run(
            Everything,
            5,
            stream => new Markov(stream.Items.Length, stream.Time[0]),
            "a i0",
            "a i1",
            "b i0",
            "b i1",
            "c i0",
            "c i1",
            "d i1",
            "d i0");

        Assert.Equal(0, ranks.Ranks[5]);
        Assert.True(ranks.Ranks[7].Hit(1) < 1, "i1 → i0 was never seen");
    }

    [Fact]
    public void ItemKnn_FindsBothDirections()
    {
        var ranks = Run(
            Everything,
            5,
            stream => new ItemKnn(stream.Items.Length, stream.Time[0]),
            "a i0",
            "a i1",
            "b i0",
            "b i1",
            "c i0",
            "c i1",
            "d i1",
            "d i0");

        Assert.Equal(0, ranks.Ranks[5]);
        Assert.Equal(0, ranks.Ranks[7]);
    }

    [Fact]
    public void VectorSessionKnn_ProposesWhatLikeUsersHad()
    {
        var ranks = Run(
            Everything, 6, stream => new VectorSessionKnn(
                stream.Items.Length,
                stream.Users.Length), "a i0", "a i1", "a i2", "b i3", "b i4", "c i0", "c i1", "c i2");

        Assert.Equal(0, ranks.Ranks[7]);
    }

    [Fact]
    public void ContentCentroid_RanksByCosineToWhatTheUserHad()
    {
        var history = new Histories(1);
        history.Touch(0, 0, 0);

        Assert.Equal([0, 2, 1], Top(new ContentCentroid([1, 0, 0, 1, 0.8f, 0.6f], 3), 3, history.Of(0), 1000));
    }

    [Fact]
    public void OwnRepeats_RanksWhatTheUserHadMostLately()
    {
        var baseline = new OwnRepeats(1);
        baseline.Learn(new Touch(0, 1, 0, true, null));
        baseline.Learn(new Touch(0, 2, 1000, true, null));
        baseline.Learn(new Touch(0, 2, 2000, false, null));

        Assert.Equal([2, 1, -1], Top(baseline, 3, null, 3000));
    }

    [Fact]
    public void Replay_ByBasket_LearnsNothingOfTheBasketBeforeItsEnd()
    {
        var events = new[] { "a i0", "a i1", "b i0", "b i1" }.Select(
            (text, line) => TestStreams.Event(line + 1, TestStreams.Start.AddHours(line / 2), text))
            .ToArray();

        // By event b's second line follows their first, and i0 → i1 was seen; by basket nothing is known of b when their second line is
        // tested, and all four items are equal.
        Assert.Equal(0, Ranks(Everything)[3]);
        Assert.Equal(new Rank(0, 4), Ranks(Everything with { Variant = Variant.ByBasket })[3]);

        Rank[] Ranks(ReplayOptions options)
        {
            var stream = ReplayStream.Of(TestStreams.Catalogue(4), events, options);
            var replay = new BaselineReplay(stream, TestPlan.Of(stream, options));
            return replay.Run(() => new Markov(4, stream.Time[0]), _ => { }, TestContext.Current.CancellationToken).Ranks;
        }
    }

    private static MethodRanks Run(ReplayOptions options, int items, Func<ReplayStream, IBaseline> make, params string[] events)
    {
        var stream = TestStreams.Hourly(options, items, events);
        return new BaselineReplay(stream, TestPlan.Of(stream, options))
            .Run(() => make(stream), _ => { }, TestContext.Current.CancellationToken);
    }

    private static int[] Top(IBaseline baseline, int items, Histories.Entry? history, long timeMs)
    {
        var request = new Request(0, timeMs, items, new bool[items], 0, history);
        var scores = new Scores(items);
        baseline.Prepare(request);
        baseline.Score(request, 0, scores);
        var top = new int[items];
        scores.Top(request, top);
        return top;
    }
}
