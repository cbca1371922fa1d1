using Strata.Contracts.State.V1;
using Strata.Optimizer.Outcomes.Core;

namespace Strata.Optimizer.Tests.Outcomes.Core;

[Trait("height", "unit")]
public sealed class SettledSlatesTests
{
    private readonly UserPolicy _counts = new();

    [Fact]
    public void Add_MoreThanAreKept_ForgetsTheOldest()
    {
        var options = new OutcomesOptions { LateSlates = 2 };
        for (var i = 0; i < 5; i++)
        {
            SettledSlates.Add(_counts, new ResolvedImpression(Scene.Open(i, $"r{i}", "u", i, "a"), []), options);
        }

        Assert.Null(SettledSlates.Of(_counts, "r2"));
        Assert.Equal((3, 4), (SettledSlates.Of(_counts, "r3")!.Offset, SettledSlates.Of(_counts, "r4")!.Offset));
    }

    [Fact]
    public void Add_WhereNothingIsCorrected_KeepsNothing()
    {
        SettledSlates.Add(
            _counts, new ResolvedImpression(Scene.Open(0, "r", "u", 0, "a"), [0]), new OutcomesOptions { LateWindow = TimeSpan.Zero });

        Assert.Empty(_counts.Settled);
    }

    [Fact]
    public void Of_LongSlate_SaysWhichWereChosenAndDismissed()
    {
        string[] items = [.. Enumerable.Range(0, 20).Select(i => $"i{i}")];
        SettledSlates.Add(
            _counts,
            new ResolvedImpression(Scene.Open(0, "r", "u", 0, items), [0, 7, 8, 19]) { Dismissed = [9] },
            new OutcomesOptions());
        var slate = SettledSlates.Of(_counts, "r")!;
        slate.Late.Add(new SettledSlate.Types.LateChoice { Index = 5, EventOffset = 1 });

        Assert.Equal([0, 5, 7, 8, 19], SettledSlates.ChosenOf(slate));
        Assert.Equal([9], Enumerable.Range(0, 99).Where(index => SettledSlates.WasDismissed(slate, index)));
    }
}
