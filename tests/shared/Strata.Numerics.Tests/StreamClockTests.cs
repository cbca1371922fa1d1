using CsCheck;

namespace Strata.Numerics.Tests;

[Trait("height", "unit")]
public sealed class StreamClockTests
{
    private readonly StreamClock<int> _clock = new();

    [Fact]
    public void NowMs_OneSourceFarAhead_StaysWhereTheOthersAre()
    {
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(i % 20, i);
        }

        var before = _clock.NowMs;
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(7, 1_000_000 + i);
        }

        Assert.InRange(_clock.NowMs!.Value, before!.Value, 99);
    }

    [Fact]
    public void NowMs_AfterASilence_IsTheStreamsAsSoonAsEightSourcesAre()
    {
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(i, i);
        }

        for (var i = 0; i < 7; i++)
        {
            _clock.Advance(i, 1_000_000);
            Assert.True(_clock.NowMs < 20);
        }

        _clock.Advance(8, 1_000_000);

        Assert.Equal(1_000_000, _clock.NowMs);
    }

    [Fact]
    public void NowMs_OfFewSources_IsTheirMiddle()
    {
        Assert.Null(_clock.NowMs);

        _clock.Advance(1, 10);
        Assert.Equal(10, _clock.NowMs);

        _clock.Advance(2, 30);
        Assert.Equal(30, _clock.NowMs);

        _clock.Advance(3, 20);
        Assert.Equal(20, _clock.NowMs);
    }

    [Fact]
    public void NowMs_AnyOrder_IsTheSame() => Gen.Select(Gen.Int[0, 30], Gen.Long[0, 1_000]).Array[1, 200].Sample(events =>
    {
        var (one, other) = (new StreamClock<int>(), new StreamClock<int>());
        foreach (var (source, time) in events)
        {
            one.Advance(source, time);
        }

        foreach (var (source, time) in events.Reverse())
        {
            other.Advance(source, time);
        }

        var newest = events.GroupBy(e => e.Item1).Select(group => group.Max(e => e.Item2)).OrderDescending().Take(15).ToArray();
        Assert.Equal(newest[(newest.Length - 1) / 2], one.NowMs);
        Assert.Equal(one.NowMs, other.NowMs);
    });
}
