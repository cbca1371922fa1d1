using Strata.Contracts.State.V1;
using Strata.Optimizer.LayerPolicy;
using Strata.Optimizer.Outcomes.Core;

namespace Strata.Optimizer.Tests.Outcomes.Core;

[Trait("height", "unit")]
public sealed class PassedOverCountsTests
{
    private const double Day = 24 * 60;

    private readonly OutcomesOptions _options = new() { FatigueHalfLife = TimeSpan.FromDays(2), FatigueItems = 4 };
    private readonly UserPolicy _counts = new();

    [Fact]
    public void Add_ItemsThatWereNotChosen_CountByTheirPlaceAndByTheirTimes()
    {
        Show(0, [], "a", "b", "c");
        Show(0, [], "b", "a");

        Assert.Equal(Examination.Of(0) + Examination.Of(1), Of("a").Count, 1e-6);
        Assert.Equal(Examination.Of(0) + Examination.Of(1), Of("b").Count, 1e-6);
        Assert.Equal(Examination.Of(2), Of("c").Count, 1e-6);
        Assert.Equal([("a", 2u), ("b", 2u), ("c", 1u)], _counts.PassedOver.Select(passed => (passed.ItemId, passed.Slates)));
        Assert.Equal(2u * 24 * 3600, _counts.PassedOverHalfLifeS);
    }

    [Fact]
    public void Add_AChosenItem_IsTakenOut_AndBeginsAnew()
    {
        Show(0, [], "a", "b");
        Show(1, [0], "a", "b");

        Assert.Equal(["b"], _counts.PassedOver.Select(passed => passed.ItemId));

        Show(2, [], "a");
        Assert.Equal((1u, 1f), (Of("a").Slates, Of("a").Count));
    }

    [Fact]
    public void Add_AHalfLifeLater_HalfOfTheCountIsLeft_AndAllOfTheTimes()
    {
        Show(0, [], "a");
        Show(2 * Day, [], "a");

        Assert.Equal((1.5, 2u), (Of("a").Count, Of("a").Slates));
        Assert.Equal(Scene.At(2 * Day), Of("a").LastUnixMs);
    }

    [Fact]
    public void Add_ASlateThatComesLate_AddsWhatIsLeftOfIt()
    {
        Show(2 * Day, [], "a");
        Show(0, [], "a");

        Assert.Equal((1.5, Scene.At(2 * Day)), (Of("a").Count, Of("a").LastUnixMs));
    }

    [Fact]
    public void Add_MoreItemsThanAreKept_LeavesTheLargestAsOfNow()
    {
        Show(0, [], "old");
        Show(0, [], "old"); // 2 then, .71 a day and a half later, which is less than what one slate's first adds
        Show(3 * Day, [], "a", "b", "c");
        Show(3 * Day, [], "a", "b", "c", "d");

        Assert.Equal(["a", "b", "c", "old"], _counts.PassedOver.Select(passed => passed.ItemId));

        Show(3 * Day, [], "e");
        Assert.Equal(["a", "b", "c", "e"], _counts.PassedOver.Select(passed => passed.ItemId));
    }

    [Fact]
    public void Add_WhatHasHardlyAnythingLeft_IsForgotten()
    {
        Show(0, [], "old");
        Show(7.9 * Day, [], "a");
        Assert.Equal(["a", "old"], _counts.PassedOver.Select(passed => passed.ItemId));

        Show(8.1 * Day, [], "a");
        Assert.Equal(["a"], _counts.PassedOver.Select(passed => passed.ItemId));
    }

    [Fact]
    public void Add_NoneAreToBeKept_KeepsNone()
    {
        Show(0, [], "a");
        _options.FatigueItems = 0;
        Show(0, [], "a");

        Assert.Equal((0, 0u), (_counts.PassedOver.Count, _counts.PassedOverHalfLifeS));
    }

    [Fact]
    public void Merge_TwoUsers_IsWhatOneWouldHaveWhoSawWhatBothDid()
    {
        Show(0, [], "a", "b");
        var other = new UserPolicy();
        Show(other, 2 * Day, [], "b", "c");
        var untouched = other.Clone();

        PassedOverCounts.Merge(_counts, other, _options);

        var both = new UserPolicy();
        Show(both, 0, [], "a", "b");
        Show(both, 2 * Day, [], "b", "c");
        Assert.Equal(both, _counts);
        Assert.Equal(untouched, other);
    }

    private PassedOver Of(string item) => Assert.Single(_counts.PassedOver, passed => passed.ItemId == item);

    private void Show(double minutes, int[] chosen, params string[] items) => Show(_counts, minutes, chosen, items);

    private void Show(UserPolicy counts, double minutes, int[] chosen, params string[] items)
        => PassedOverCounts.Add(counts, new ResolvedImpression(Scene.Open(0, "r", "u", minutes, items), chosen), _options);
}
