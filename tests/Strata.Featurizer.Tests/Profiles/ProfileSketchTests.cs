using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;
using Strata.Numerics;

namespace Strata.Featurizer.Tests.Profiles;

[Trait("height", "unit")]
public sealed class ProfileSketchTests
{
    private const long Start = 1_700_000_000_000;
    private const long Day = 86_400_000;

    private readonly ProfileStep _step = new(new ProfilesOptions());
    private readonly Profile _profile = new();
    private long _offset;

    [Theory]
    [InlineData(EventKind.Click)]
    [InlineData(EventKind.Dismiss)]
    public void Apply_AThousandItems_AllStayKnownInBoundedBytes(EventKind kind)
    {
        Apply(kind, 0, 1_000);

        Assert.All(Enumerable.Range(0, 1_000), n => Assert.True(Knows(kind, $"item-{n}"), $"item-{n}"));
        Assert.InRange(_profile.Sketch.CalculateSize(), 1, 1_536);
        Assert.InRange(_profile.CalculateSize(), 1, 2_400 + (4 * 96) + 1_536 + 32);
        Assert.False(_profile.Sketch.Dropped);
    }

    [Fact]
    public void Apply_AThousandItemsHadAndDismissed_HidesAtMostOneInAHundredOthers()
    {
        for (var n = 0; n < 500; n++)
        {
            Apply(EventKind.Click, n, 1);
            Apply(EventKind.Dismiss, 1_000 + n, 1);
        }

        var hidden = Enumerable.Range(0, 20_000)
            .Count(n => Knows(EventKind.Click, $"unseen-{n}") || Knows(EventKind.Dismiss, $"unseen-{n}"));
        Assert.InRange(hidden, 0, 200);
    }

    [Fact]
    public void Apply_MoreThanTheSketchHolds_LosesTheOldestAndSaysSo()
    {
        Apply(EventKind.Click, 0, 2_000);

        Assert.True(_profile.Sketch.Dropped);
        Assert.InRange(Enumerable.Range(0, 500).Count(n => Knows(EventKind.Click, $"item-{n}")), 0, 25);
        Assert.All(Enumerable.Range(1_500, 500), n => Assert.True(Knows(EventKind.Click, $"item-{n}")));
    }

    [Fact]
    public void Apply_AYearLater_NothingIsHiddenByWhatWasThen()
    {
        Apply(EventKind.Dismiss, 0, 100);
        var old = _profile.Sketch.Newer;

        Apply(EventKind.Dismiss, 100, 30, Start + (200 * Day));
        Assert.Equal(old, _profile.Sketch.Older);
        Apply(EventKind.Dismiss, 130, 30, Start + (400 * Day));

        Assert.NotEqual(old, _profile.Sketch.Older);
    }

    private void Apply(EventKind kind, int from, int count, long time = Start)
    {
        for (var n = from; n < from + count; n++)
        {
            _offset++;
            _step.Apply(_profile, new ProfileAct(_offset, (ulong)_offset, kind, time + _offset, $"item-{n}", "", [], null));
        }
    }

    private bool Knows(EventKind kind, string id)
    {
        var key = BloomFilter.KeyOf(id, kind == EventKind.Dismiss ? Keys.SketchDismissed : Keys.SketchHad);
        return _profile.Items.Any(item => item.ItemId == id)
            || _profile.Dismissed.Contains(id)
            || BloomFilter.Contains(_profile.Sketch.Newer.Span, key)
            || BloomFilter.Contains(_profile.Sketch.Older.Span, key);
    }
}
