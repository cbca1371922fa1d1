using CsCheck;
using Google.Protobuf;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Featurizer.Tests.Profiles;

[Trait("height", "unit")]
public sealed class ProfileStepTests
{
    private const long Day = 86_400_000;
    private const long Start = 1_700_000_000_000;
    private readonly Profile _profile = new();
    private readonly ProfileStep _step = new(new ProfilesOptions());
    private long _offset;

    [Fact]
    public void Apply_Touches_KeepDistinctItemsNewestFirst()
    {
        Apply(EventKind.View, "a", 0);
        Apply(EventKind.Click, "b", 1);
        Apply(EventKind.Purchase, "a", 61);

        Assert.Equal(["a", "b"], _profile.Items.Select(item => item.ItemId));
        var a = _profile.Items[0];
        Assert.Equal(Start + (61 * Day), a.LastUnixMs);
        Assert.Equal((1u << (int)EventKind.View) | (1u << (int)EventKind.Purchase), a.Kinds);
        Assert.Equal(1 + Math.Pow(2, -61 / 60.0), a.Count, 1e-6);
        Assert.Equal(2, a.Offset);
        Assert.Equal(3ul, _profile.Events);
        Assert.Equal(Start + (61 * Day), _profile.LastEventUnixMs);
    }

    [Fact]
    public void Apply_LateEvent_MovesNoTimeBackwardsAndTakesItsPlaceByTime()
    {
        Apply(EventKind.View, "a", 10);
        Apply(EventKind.View, "b", 20);
        Apply(EventKind.View, "a", 4);
        Apply(EventKind.View, "c", 15);

        Assert.Equal(["b", "c", "a"], _profile.Items.Select(item => item.ItemId));
        Assert.Equal(Start + (10 * Day), _profile.Items[2].LastUnixMs);
        Assert.Equal(1 + Math.Pow(2, -6 / 60.0), _profile.Items[2].Count, 1e-6);
        Assert.Equal(Start + (20 * Day), _profile.LastEventUnixMs);
    }

    [Fact]
    public void Apply_MoreThanSixtyFourItems_DropsTheOldest()
    {
        for (var i = 0; i < 70; i++)
        {
            Apply(EventKind.View, $"i{i}", i);
        }

        Assert.Equal(64, _profile.Items.Count);
        Assert.Equal("i69", _profile.Items[0].ItemId);
        Assert.Equal("i6", _profile.Items[^1].ItemId);
    }

    [Fact]
    public void Apply_Dismiss_LowersTermsMarksTheItemAndAddsNone()
    {
        Apply(EventKind.Click, "a", 0, ("red", .5f), ("shoe", .5f));
        Apply(EventKind.Click, "b", 0, ("red", .25f));
        Apply(EventKind.Dismiss, "a", 0, ("red", .5f), ("shoe", .5f));
        Apply(EventKind.Dismiss, "c", 0);

        Assert.Equal(["b", "a"], _profile.Items.Select(item => item.ItemId));
        Assert.True((_profile.Items[1].Kinds & (1u << (int)EventKind.Dismiss)) != 0);
        Assert.Equal(["c"], _profile.Dismissed);
        Assert.Equal(("red", .25f), Assert.Single(_profile.Terms.Select(term => (term.Term, term.Weight))));
    }

    [Fact]
    public void Apply_TouchAfterDismiss_TakesTheDismissalBack()
    {
        Apply(EventKind.Dismiss, "a", 0);
        Apply(EventKind.Click, "a", 1);
        Apply(EventKind.Dismiss, "a", 2);
        Apply(EventKind.Click, "a", 3);

        Assert.Empty(_profile.Dismissed);
        Assert.Equal(1u << (int)EventKind.Click, Assert.Single(_profile.Items).Kinds);
    }

    [Fact]
    public void Apply_Searches_KeepTheLastThreeDistinctQueriesWithTheirVectors()
    {
        foreach (var (query, day) in new[] { ("one", 0), ("two", 1), ("three", 2), ("one", 3), ("four", 4), ("late", 1) })
        {
            Apply(
                new ProfileAct(
                    _offset,
                    0,
                    EventKind.Search,
                    Start + (day * Day),
                    "",
                    query,
                    [new TermWeight { Term = query, Weight = 1 }],
                    new Vector { Scale = day }));
        }

        Assert.Equal(["four", "one", "three"], _profile.Queries.Select(query => query.Text));
        Assert.Equal(3, _profile.Queries[1].Vector.Scale);
        Assert.Empty(_profile.Items);
        Assert.Equal(5, _profile.Terms.Count);
    }

    [Fact]
    public void Apply_Terms_DecayByEventTimeAndLateOnesCountLess()
    {
        Apply(EventKind.Click, "a", 0, ("old", 1), ("both", 1));
        Apply(EventKind.Click, "b", 30, ("new", 1), ("both", 1));
        Apply(EventKind.Like, "c", 15, ("late", 1));

        var terms = _profile.Terms.ToDictionary(term => term.Term, term => term.Weight);
        Assert.Equal(.5, terms["old"], 1e-6);
        Assert.Equal(1.5, terms["both"], 1e-6);
        Assert.Equal(1, terms["new"], 1e-6);
        Assert.Equal(2 * Math.Sqrt(.5), terms["late"], 1e-6);
        Assert.Equal(Start + (30 * Day), _profile.TermsAsOfUnixMs);
        Assert.Equal(["both", "late", "new", "old"], _profile.Terms.Select(term => term.Term));
    }

    [Fact]
    public void Apply_EqualWeights_AreInOrdinalOrder()
    {
        Apply(EventKind.Click, "a", 0, ("b", 1), ("a", 1), ("B", 1), ("é", 1));

        Assert.Equal(["B", "a", "b", "é"], _profile.Terms.Select(term => term.Term));
    }

    [Fact]
    public void IsDuplicate_OnlyForTheSameIdAtALowerOffset()
    {
        Apply(new ProfileAct(5, 99, EventKind.View, Start, "a", "", [], null));

        Assert.True(ProfileStep.IsDuplicate(_profile, new ProfileAct(6, 99, EventKind.View, Start, "a", "", [], null)));
        Assert.False(ProfileStep.IsDuplicate(_profile, new ProfileAct(5, 99, EventKind.View, Start, "a", "", [], null)));
        Assert.False(ProfileStep.IsDuplicate(_profile, new ProfileAct(6, 98, EventKind.View, Start, "a", "", [], null)));
        Assert.False(ProfileStep.IsDuplicate(_profile, new ProfileAct(6, 0, EventKind.View, Start, "a", "", [], null)));
    }

    [Fact]
    public void Apply_LongerIds_KeepAsManyItems()
    {
        var lengths = new[] { 12, 36 }.Select(length =>
        {
            var profile = new Profile();
            foreach (var act in RandomActs.Draw(7, 1_000, 400, length))
            {
                _step.Apply(profile, act);
            }

            return profile.Items.Count;
        }).ToArray();

        Assert.Equal(lengths[0], lengths[1]);
    }

    [Fact]
    public void RollBack_AnyEvents_GivesTheItemsBeforeEach()
        => Gen.Select(Gen.Int, Gen.Int[3, 100]).Sample(
            (seed, items) =>
            {
                var profile = new Profile();
                var step = new ProfileStep(new ProfilesOptions());
                foreach (var act in RandomActs.Draw(seed, 400, items))
                {
                    var before = profile.Items.Select(item => item.Clone()).ToList();
                    var undo = step.Apply(profile, act);

                    var back = profile.Items.ToList();
                    ProfileItems.RollBack(back, Undo.Parser.ParseFrom(undo.ToByteArray()));

                    Assert.Equal(before, back);
                }
            },
            iter: 20);

    [Fact]
    public void Apply_SameEventsTwice_GivesTheSameBytes()
    {
        var other = new Profile();
        var otherStep = new ProfileStep(new ProfilesOptions());
        foreach (var act in RandomActs.Draw(3, 2_000, 90))
        {
            _step.Apply(_profile, act);

            // A profile that rests in the store between any two events is the same as one that stays in memory.
            otherStep.Apply(other, act);
            other = Profile.Parser.ParseFrom(other.ToByteArray());
        }

        Assert.Equal(_profile.ToByteArray(), other.ToByteArray());
    }

    private void Apply(EventKind kind, string itemId, double day, params (string Term, float Weight)[] terms)
        => Apply(
            new ProfileAct(
                _offset,
                0,
                kind,
                Start + (long)(day * Day),
                itemId,
                "",
                [.. terms.Select(term => new TermWeight { Term = term.Term, Weight = term.Weight })],
                null));

    private void Apply(ProfileAct act)
    {
        _step.Apply(_profile, act);
        _offset++;
    }
}
