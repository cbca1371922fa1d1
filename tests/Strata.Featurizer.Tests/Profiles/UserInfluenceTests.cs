using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Featurizer.Tests.Profiles;

[Trait("height", "unit")]
public sealed class UserInfluenceTests
{
    private const long Hour = 3_600_000;
    private const long Start = 1_700_000_000_000;

    private readonly ProfilesOptions _options = new();
    private readonly Profile _profile = new();
    private int _events;

    [Fact]
    public void IsUserOnly_SameItemWithinTheWindow_IsARepeat()
    {
        _options.PointsHalfLife = TimeSpan.FromHours(1);

        Assert.False(IsUserOnly(EventKind.Click, "a", 0));
        Assert.True(IsUserOnly(EventKind.Purchase, "a", 23));
        Assert.True(IsUserOnly(EventKind.Click, "a", 10));
        Assert.False(IsUserOnly(EventKind.Click, "b", 100));
        Assert.False(IsUserOnly(EventKind.Click, "a", 200));
    }

    [Fact]
    public void IsUserOnly_SameQueryWithinTheWindow_IsARepeat()
    {
        _options.PointsHalfLife = TimeSpan.FromHours(1);

        Assert.False(IsUserOnly(EventKind.Search, "red shoe", 0));
        Assert.True(IsUserOnly(EventKind.Search, "red shoe", 5));
        Assert.False(IsUserOnly(EventKind.Search, "red shoe", 100));
    }

    [Fact]
    public void IsUserOnly_ADismissal_IsNotCounted()
    {
        Assert.False(IsUserOnly(EventKind.Dismiss, "a", 0));
        Assert.Equal(0, _profile.Points);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 3.46)]
    [InlineData(1_000, 9.97)]
    [InlineData(20_000, 14.29)]
    public void IsUserOnly_ManyPointsAtOnce_AddTheLogarithmOfTheirNumber(int points, double expected)
    {
        const int Users = 200;
        var added = 0;
        for (var user = 0; user < Users; user++)
        {
            var (profile, influence) = (new Profile(), new UserInfluence(_options));
            for (var i = 0; i < points; i++)
            {
                added += influence.IsUserOnly(profile, $"u{user}", Act(EventKind.Click, $"i{i}", 0, i)) ? 0 : 1;
                profile.Events++;
            }
        }

        // Three standard errors, each point being a draw.
        Assert.Equal(expected, (double)added / Users, .01 + (3 * Math.Sqrt(expected / Users)));
    }

    [Fact]
    public void IsUserOnly_AfterAHalfLife_CountsHalfOfThePoints()
    {
        for (var i = 0; i < 8; i++)
        {
            IsUserOnly(EventKind.Click, $"i{i}", 0);
        }

        IsUserOnly(EventKind.Click, "later", 30 * 24);
        Assert.Equal(5, _profile.Points, 1e-5);

        IsUserOnly(EventKind.Click, "late", 0);
        Assert.Equal(5.5, _profile.Points, 1e-5);
        Assert.Equal(Start + (30 * 24 * Hour), _profile.PointsAsOfUnixMs);
    }

    private static ProfileAct Act(EventKind kind, string subject, double hour, int offset)
        => new(
            offset,
            0,
            kind,
            Start + (long)(hour * Hour),
            kind == EventKind.Search ? "" : subject,
            kind == EventKind.Search ? subject : "",
            kind == EventKind.Search ? [new TermWeight { Term = subject, Weight = 1 }] : [],
            null);

    // The draws of this user's first events are all low: what is set apart here is set apart as a repeat.
    private bool IsUserOnly(EventKind kind, string subject, double hour)
    {
        var act = Act(kind, subject, hour, _events++);
        var userOnly = new UserInfluence(_options).IsUserOnly(_profile, "user", act);
        new ProfileStep(_options).Apply(_profile, act);
        return userOnly;
    }
}
