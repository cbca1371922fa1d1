using CsCheck;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Shadow.Core;

namespace Strata.Ranking.Tests.Shadow;

[Trait("height", "unit")]
public sealed class ProfileRollbackTests
{
    private const long Minute = 60_000;

    [Fact]
    public void Before_ProfileHasNotAbsorbedTheEvent_IsTheProfile()
    {
        var profile = new Profile();
        ModelProfile.Touch(profile, "a", 5, Minute);
        profile.Terms.Add(new TermWeight { Term = "lamp", Weight = 1 });

        var (before, exact) = ProfileRollback.Before(profile, absorbed: 6, offset: 6, timeUnixMs: 2 * Minute);

        Assert.True(exact);
        Assert.Equal(profile.Items, before.Items);
        Assert.Equal(profile.Terms, before.Terms);
        Assert.Equal(Minute, before.LastEventUnixMs);
    }

    [Fact]
    public void Before_WholeUndoLog_GivesTheItemsAsTheyWere()
        => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[3, 80], Gen.Int[1, 12]).Sample((seed, events, kinds) =>
        {
            var random = new Random(seed);
            var profile = new Profile();
            var history = new List<Profile>();
            for (var i = 0; i < events; i++)
            {
                history.Add(profile.Clone());
                if (random.Next(6) == 0)
                {
                    ModelProfile.Search(profile, $"q{i}", 100 + i, i * Minute);
                }
                else
                {
                    ModelProfile.Touch(
                        profile, $"i{random.Next(kinds * 2)}", 100 + i, i * Minute, (EventKind)random.Next(1, 8), capacity: kinds);
                }
            }

            var at = random.Next(events);
            var (before, exact) = ProfileRollback.Before(profile, 100 + events, 100 + at, at * Minute);

            Assert.True(exact);
            Assert.Equal(history[at].Items, before.Items);
            Assert.Equal(history[at].Queries, before.Queries);
            if (at >= events - 32)
            {
                Assert.Equal(history[at].Events, before.Events);
            }
        });

    [Fact]
    public void Before_AnyProfile_LeavesNothingOfTheEventOrLater()
        => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 80]).Sample((seed, events) =>
        {
            var random = new Random(seed);
            var profile = new Profile();
            for (var i = 0; i < events; i++)
            {
                ModelProfile.Touch(profile, $"i{random.Next(20)}", 100 + i, i * Minute);
            }

            ModelProfile.CommitBelow(profile, 100 + random.Next(events + 1));
            var at = random.Next(events);
            var (before, exact) = ProfileRollback.Before(profile, 100 + events, 100 + at, at * Minute);

            Assert.DoesNotContain(before.Items, item => item.Offset >= 100 + at || item.LastUnixMs >= at * Minute);
            Assert.DoesNotContain(before.Seen, seen => seen.Offset >= 100 + at);
            Assert.True(before.LastEventUnixMs < Math.Max(1, at * Minute));
            Assert.Empty(before.Terms);
            if (exact)
            {
                Assert.Equal(Replayed(seed, at).Items.Select(item => item.ItemId), before.Items.Select(item => item.ItemId));
            }
        });

    [Fact]
    public void Before_FirstTouchWithoutUndoLog_IsTakenOutExactly()
    {
        var profile = new Profile();
        ModelProfile.Touch(profile, "a", 1, Minute);
        ModelProfile.Touch(profile, "b", 2, 2 * Minute);
        ModelProfile.Touch(profile, "c", 3, 3 * Minute);
        ModelProfile.CommitBelow(profile, 4);

        var (before, exact) = ProfileRollback.Before(profile, 4, 2, 2 * Minute);

        Assert.True(exact);
        Assert.Equal(["a"], before.Items.Select(item => item.ItemId));
        Assert.Equal(Minute, before.LastEventUnixMs);
        Assert.Equal(1u, before.Events);
    }

    [Fact]
    public void Before_RepeatWithoutUndoLog_IsNotExact()
    {
        var profile = new Profile();
        ModelProfile.Touch(profile, "a", 1, Minute);
        ModelProfile.Touch(profile, "b", 2, 2 * Minute);
        ModelProfile.Touch(profile, "a", 3, 3 * Minute);
        ModelProfile.CommitBelow(profile, 4);

        Assert.False(ProfileRollback.Before(profile, 4, 2, 2 * Minute).Exact);
    }

    [Fact]
    public void Before_ManyLaterEventsWithoutUndoLog_IsNotExact()
    {
        var profile = new Profile();
        for (var i = 0; i < 40; i++)
        {
            ModelProfile.Touch(profile, $"i{i}", i, i * Minute);
        }

        ModelProfile.CommitBelow(profile, 40);

        Assert.False(ProfileRollback.Before(profile, 40, 10, 10 * Minute).Exact);
    }

    private static Profile Replayed(int seed, int events)
    {
        var random = new Random(seed);
        var profile = new Profile();
        for (var i = 0; i < events; i++)
        {
            ModelProfile.Touch(profile, $"i{random.Next(20)}", 100 + i, i * Minute);
        }

        return profile;
    }
}
