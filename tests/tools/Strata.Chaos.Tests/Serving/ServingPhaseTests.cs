using Strata.Chaos.Serving;

namespace Strata.Chaos.Tests.Serving;

[Trait("height", "unit")]
public sealed class ServingPhaseTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Of_Answers_CountsWhatTheClientGotAndTimesTheSlates()
    {
        Answer[] answers =
        [
            .. Enumerable.Range(1, 198).Select(
                ms => new Answer(Start.AddSeconds(ms), TimeSpan.FromMilliseconds(ms), ms % 99 == 0 ? 1 : 0, null, ms <= 20)),
            new(Start.AddSeconds(40), TimeSpan.FromSeconds(2), 0, "Ranking-1: Unavailable: ", false),
            new(Start.AddSeconds(43.2), TimeSpan.FromMilliseconds(3), 0, "empty", true),
        ];

        var phase = ServingPhase.Of("the store", TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1), answers);

        Assert.Equal((200, 2, 21, 2), (phase.Calls, phase.Unanswered, phase.Degraded, phase.Again));
        Assert.Equal((100d, 197d, 198d), (phase.MedianMs, phase.P99Ms, phase.SlowestMs));
        Assert.Equal("39.0 to 42.2 s, Ranking-1: Unavailable: ", phase.Faults);
    }

    [Fact]
    public void Of_NoAnswer_HasNoTimes()
    {
        var phase = ServingPhase.Of("the store", TimeSpan.Zero, TimeSpan.Zero, []);

        Assert.Equal((0, 0, 0d), (phase.Calls, phase.Unanswered, phase.SlowestMs));
    }
}
