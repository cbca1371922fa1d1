using Strata.Optimizer.Outcomes.Core;

namespace Strata.Optimizer.Tests.Outcomes.Core;

[Trait("height", "unit")]
public sealed class LateActsTests
{
    private readonly LateActs _acts = new(most: 150);

    [Fact]
    public void Add_RequestsThatNeverWere_CrowdOutNobodyElse()
    {
        for (var offset = 0; offset < 500; offset++)
        {
            _acts.Add(Act(offset, "bot"));
        }

        _acts.Add(Act(500, "u"));

        Assert.Equal(500 - LateActs.MostOfUser, _acts.LetGo);
        Assert.Equal("u", _acts.TakeBelow(501)[^1].UserId);
        Assert.Null(_acts.Oldest);
    }

    [Fact]
    public void Add_MoreThanAreKept_LetsTheNewestGo()
    {
        for (var offset = 200; offset > 0; offset--)
        {
            _acts.Add(Act(offset, $"u{offset}"));
        }

        Assert.Equal(50, _acts.LetGo);
        Assert.Equal(Enumerable.Range(1, 150), _acts.TakeBelow(1_000).Select(act => (int)act.Offset));
    }

    [Fact]
    public void TakeBelow_SomeAtOnce_LeavesTheRestInOrder()
    {
        foreach (var offset in new[] { 5, 3, 9, 3 })
        {
            _acts.Add(Act(offset, "u"));
        }

        Assert.Equal([3], _acts.TakeBelow(9, atOnce: 1).Select(act => act.Offset));
        Assert.Equal(5, _acts.Oldest);
        Assert.Equal([5], _acts.TakeBelow(9).Select(act => act.Offset));
        _acts.Forget("u");
        Assert.Null(_acts.Oldest);
    }

    private static HeldEvent Act(long offset, string user) => new()
    {
        Offset = offset,
        UserId = user,
        ItemId = "a",
        RequestId = "r",
        Dismisses = false,
        TimeUnixMs = 1,
        ArrivedMs = 1,
    };
}
