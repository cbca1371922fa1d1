using Strata.Contracts.Users.V1;
using Strata.Optimizer.Outcomes;
using Strata.Optimizer.Outcomes.Core;

namespace Strata.Optimizer.Tests.Outcomes.Core;

/// <summary>A shop without an event for eight hours: its slates are of the last one's time, and people click them now.</summary>
[Trait("height", "unit")]
public sealed class QuietShopTests
{
    private const double Now = 480;

    private readonly ImpressionJoin _join = new(new OutcomesOptions());
    private long _offset;

    [Fact]
    public void Resolve_FirstClicksAfterASilence_AreOutcomes()
    {
        _join.Add(Scene.OpenInQuiet(0, "r", "u", 0, Now, "a", "b", "c"));
        Act("u", Now - 2, "a", "r"); // the client's clock is behind
        Act("u", Now + 1, "b", "r");
        Act("u", Now + 2, "c");

        Assert.Empty(_join.Resolve(Scene.At(Now + 30.9)));
        Assert.Equal([0, 1, 2], Assert.Single(_join.Resolve(Scene.At(Now + 31))).Chosen);
    }

    [Fact]
    public void Resolve_StreamThatComesToNow_ClosesWhatItHasWaitedForOnly()
    {
        _join.Add(Scene.OpenInQuiet(0, "r", "u", 0, Now, "a", "b"));
        Act("u", Now + 1, "b", "r");
        Act("other", Now + 30.9, "z");

        Assert.Empty(_join.Resolve(Scene.At(Now)));
        Act("other", Now + 31, "z");
        Act("another", Now + 31, "z");
        Assert.Equal([1], Assert.Single(_join.Resolve(Scene.At(Now))).Chosen);
    }

    [Fact]
    public void Resolve_ClickLongAfterItWasServed_IsNone()
    {
        _join.Add(Scene.OpenInQuiet(0, "r", "u", 0, Now, "a", "b"));
        Act("u", Now + 30.1, "a", "r");
        Act("u", Now + 10.1, "b");

        Assert.Empty(Assert.Single(_join.Resolve(Scene.At(Now + 31))).Chosen);
    }

    [Fact]
    public void Resolve_ReplayOfLongAgo_GoesByTheTimesOfItsEvents()
    {
        const double Year = 365 * 24 * 60;
        _join.Add(Scene.OpenInQuiet(0, "r", "u", 0, Year, "a", "b", "c"));
        Act("u", 9, "a");
        Act("u", 11, "b");
        Act("u", 29, "c", "r");
        Act("other", 31, "z");
        Act("another", 31, "z");

        Assert.Equal([0, 2], Assert.Single(_join.Resolve(Scene.At(Year))).Chosen);
    }

    [Fact]
    public void Covers_WhoWasForgottenAndCameBackInASilence_CountsAgain()
    {
        var before = Scene.OpenInQuiet(0, "r", "u", 0, Now - 1, "a");
        var after = Scene.OpenInQuiet(1, "s", "u", 0, Now + 1, "a");
        var unsaid = Scene.Open(2, "t", "u", Now + 1, "a");
        var user = new CountedUser(default, null);
        user.Forget(new Forgotten { EventTimeUnixMs = Scene.At(Now), AskedUnixMs = Scene.At(Now) }, log: 1);

        Assert.Equal((true, false, false), (user.Covers(before), user.Covers(after), user.Covers(unsaid)));
    }

    private void Act(string user, double minutes, string item, string request = "")
        => _join.Add(
            Scene.Act(user, minutes, item, request), _offset++, Scene.At(minutes), Scene.At(Math.Max(Now, minutes)));
}
