using Strata.Contracts.Events.V1;
using Strata.Ingestion.Cleaning.Core;

namespace Strata.Ingestion.Tests.Cleaning;

[Trait("height", "unit")]
public sealed class UserBeatTests
{
    private const long Start = 1_740_830_400_000;

    private static readonly BotsOptions Options = new();

    [Fact]
    public void Step_MoreThanAMinutesQuota_IsARateUntilThereWasRest()
    {
        var beat = default(UserBeat);
        var random = new Random(1);
        var time = Start;
        var signs = new List<BotSign>();
        for (var i = 0; i < 1300; i++)
        {
            signs.Add(beat.Step(EventKind.Click, time += random.Next(1, 3), Options));
        }

        var atOnce = beat.Step(EventKind.Click, time + 1_000, Options);
        var rested = beat.Step(EventKind.Click, time + 62_000, Options);

        Assert.DoesNotContain(BotSign.Rate, signs.Take(600));
        Assert.All(signs.Skip(640), sign => Assert.Equal(BotSign.Rate, sign));
        Assert.Equal((BotSign.Rate, BotSign.None), (atOnce, rested));
    }

    [Fact]
    public void Step_ManyLinesOfOneBasket_AreOneAct()
    {
        var beat = default(UserBeat);

        var signs = Enumerable.Range(0, 5_000).Select(_ => beat.Step(EventKind.Purchase, Start, Options)).ToList();

        Assert.All(signs, sign => Assert.Equal(BotSign.None, sign));
        Assert.Equal(BotSign.None, beat.Step(EventKind.Click, Start, Options));
    }

    [Theory]
    [InlineData(2_000, 0, true)]
    [InlineData(2_000, 50, true)]
    [InlineData(2_000, 1_500, false)]
    [InlineData(3_600_000, 0, false)]
    public void Step_OneDistance_IsRegular(int gapMs, int spreadMs, bool regular)
    {
        var beat = default(UserBeat);
        var random = new Random(2);
        var last = BotSign.None;
        for (var i = 0; i < 200; i++)
        {
            last = beat.Step(EventKind.View, Start + ((long)i * gapMs) + random.Next(-spreadMs / 2, (spreadMs / 2) + 1), Options);
        }

        Assert.Equal(regular ? BotSign.Regularity : BotSign.None, last);
    }

    [Fact]
    public void Step_BeatBroken_IsAPersonAgain()
    {
        var beat = default(UserBeat);
        for (var i = 0; i < 150; i++)
        {
            beat.Step(EventKind.View, Start + (i * 1_000L), Options);
        }

        Assert.Equal(BotSign.None, beat.Step(EventKind.View, Start + 200_000, Options));
    }

    [Fact]
    public void Step_EventsThatComeLate_TakeNothingOff()
    {
        var beat = default(UserBeat);
        var last = BotSign.None;
        for (var i = 0; i < 700; i++)
        {
            last = beat.Step(EventKind.Click, Start - (i % 7 * 100_000L), Options);
        }

        Assert.Equal(BotSign.Rate, last);
    }
}
