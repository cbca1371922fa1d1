using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Numerics;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>
/// What falls off the profile's lists stays known in a sketch of two halves. A half that is full, or old, gives way: the older half is
/// dropped and the newer takes its place, so that the oldest items come again and none that was hidden by chance is hidden for good.
/// </summary>
internal static class ProfileSketch
{
    public static void Add(Profile profile, ProfileItem item, long timeUnixMs)
    {
        if ((item.Kinds & (1u << (int)EventKind.Dismiss)) != 0)
        {
            Add(profile, item.ItemId, Keys.SketchDismissed, timeUnixMs);
        }

        Add(profile, item.ItemId, Keys.SketchHad, timeUnixMs);
    }

    public static void AddDismissed(Profile profile, string itemId, long timeUnixMs)
        => Add(profile, itemId, Keys.SketchDismissed, timeUnixMs);

    private static void Add(Profile profile, string itemId, uint set, long timeUnixMs)
    {
        var sketch = profile.Sketch ??= new ItemSketch();
        var key = BloomFilter.KeyOf(itemId, set);
        if (BloomFilter.Contains(sketch.Newer.Span, key))
        {
            return;
        }

        if (sketch.Keys >= Keys.SketchHalfKeys
            || (sketch.Keys > 0 && timeUnixMs - sketch.SinceUnixMs > Keys.SketchHalfLifetime.TotalMilliseconds))
        {
            sketch.Dropped |= !sketch.Older.IsEmpty;
            (sketch.Older, sketch.OlderSinceUnixMs) = (sketch.Newer, sketch.SinceUnixMs);
            (sketch.Newer, sketch.Keys) = (ByteString.Empty, 0);
        }

        var filter = sketch.Newer.IsEmpty ? new byte[Keys.SketchHalfBytes] : sketch.Newer.ToByteArray();
        BloomFilter.Add(filter, key);
        sketch.SinceUnixMs = sketch.Keys == 0 ? timeUnixMs : sketch.SinceUnixMs;
        (sketch.Newer, sketch.Keys) = (UnsafeByteOperations.UnsafeWrap(filter), sketch.Keys + 1);
        sketch.Sets |= 1u << (int)set;
    }
}
