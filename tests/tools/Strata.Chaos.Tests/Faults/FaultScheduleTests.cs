using Strata.Chaos.Faults;

namespace Strata.Chaos.Tests.Faults;

[Trait("height", "unit")]
public sealed class FaultScheduleTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(45);

    [Fact]
    public void Draw_SameSeed_SameFaults()
        => Assert.Equal(FaultSchedule.Draw(100, 7, Longest, []), FaultSchedule.Draw(100, 7, Longest, []));

    [Fact]
    public void Draw_OtherSeed_OtherFaults()
        => Assert.NotEqual(FaultSchedule.Draw(100, 7, Longest, []), FaultSchedule.Draw(100, 8, Longest, []));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Draw_OneDeck_HasEveryKindAndEveryServiceInEachOfItsWays(int seed)
    {
        var faults = FaultSchedule.Draw(FaultSchedule.Deck.Count, seed, Longest, []);

        Assert.Equal(Enum.GetValues<FaultKind>().Order(), faults.Select(fault => fault.Kind).Distinct().Order());
        Assert.All(
            [FaultKind.KillService, FaultKind.HangService, FaultKind.RestartService, FaultKind.StepClock],
            kind => Assert.Equal(5, faults.Where(fault => fault.Kind == kind).Select(fault => fault.Target).Distinct().Count()));
        Assert.All(
            [FaultKind.CutConnections, FaultKind.SlowConnections, FaultKind.DeadConnections],
            kind => Assert.Equal(
                [FaultSchedule.Brokers, FaultSchedule.Store],
                faults.Where(fault => fault.Kind == kind).Select(fault => fault.Target).Order()));
    }

    [Fact]
    public void Deck_HasFortyTwoCards() => Assert.Equal(42, FaultSchedule.Deck.Count);

    [Fact]
    public void Draw_OnlyTwoKinds_DrawsNoOther()
        => Assert.Equal(
            [FaultKind.KillBroker, FaultKind.EmptyStore],
            FaultSchedule.Draw(20, 3, Longest, [FaultKind.EmptyStore, FaultKind.KillBroker])
                .Select(fault => fault.Kind).Distinct().Order());

    [Fact]
    public void Draw_Outages_LastBetweenOneSecondAndTheLongest()
        => Assert.All(FaultSchedule.Draw(200, 3, Longest, []), fault => Assert.InRange(fault.Outage, TimeSpan.FromSeconds(1), Longest));
}
