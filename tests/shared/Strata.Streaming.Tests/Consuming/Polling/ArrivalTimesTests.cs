using Strata.Streaming.Consuming.Polling;

namespace Strata.Streaming.Tests.Consuming.Polling;

/// <summary>How long the oldest record has waited that a group has not committed.</summary>
[Trait("height", "unit")]
public sealed class ArrivalTimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 60)]
    [InlineData(9, 60)] // the tenth arrived a tenth of a second before the eleventh: a second too much at the most
    [InlineData(10, 59)]
    [InlineData(25, 58)]
    [InlineData(599, 1)]
    public void AgeOfOldest_TenRecordsASecond_IsThatOfTheFirstNotCommitted(long committed, double seconds)
    {
        var times = Filled();

        var age = times.AgeOfOldest(committed, 600, 600 - committed, At(60));

        Assert.Equal(seconds, age.TotalSeconds);
    }

    [Fact]
    public void AgeOfOldest_AllCommitted_Is0()
    {
        var times = Filled();

        Assert.Equal(TimeSpan.Zero, times.AgeOfOldest(600, 600, 0, At(60)));
    }

    [Fact]
    public void AgeOfOldest_RecordsInTheLogDoNotCome_GrowsSinceThen()
    {
        var times = Filled();
        times.AgeOfOldest(600, 600, 0, At(60));

        var first = times.AgeOfOldest(600, 600, 5, At(70));
        var later = times.AgeOfOldest(600, 600, 9, At(75));
        times.Received(600, At(69));
        var came = times.AgeOfOldest(600, 601, 9, At(76));

        Assert.Equal([0, 5, 7], [first.TotalSeconds, later.TotalSeconds, came.TotalSeconds]);
    }

    [Fact]
    public void AgeOfOldest_RecordsComeAndAreCommittedBetweenTwoLooks_DoesNotGrow()
    {
        var times = Filled();

        double[] ages =
        [
            times.AgeOfOldest(600, 600, 1, At(60)).TotalSeconds, times.AgeOfOldest(650, 650, 1, At(65)).TotalSeconds,
            times.AgeOfOldest(700, 700, 1, At(70)).TotalSeconds, times.AgeOfOldest(700, 700, 1, At(72)).TotalSeconds,
        ];

        Assert.Equal([0, 0, 0, 2], ages);
    }

    [Fact]
    public void AgeOfOldest_RecordOfAFastClock_IsNotNegative()
    {
        var times = new ArrivalTimes();
        times.Received(0, At(99));

        Assert.Equal(TimeSpan.Zero, times.AgeOfOldest(0, 1, 1, At(60)));
    }

    private static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private static ArrivalTimes Filled()
    {
        var times = new ArrivalTimes();
        for (var i = 0; i < 600; i++)
        {
            times.Received(i, At(i / 10.0));
        }

        return times;
    }
}
