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

    /// <summary>
    /// One sketch of two. Halves are joined as long as one has room for the keys of both; of those that are too many the oldest go, since
    /// more keys than a half takes would hide what nobody had.
    /// </summary>
    public static ItemSketch? Union(ItemSketch? own, ItemSketch? other)
    {
        if (own is null || other is null)
        {
            return own ?? other?.Clone();
        }

        var joined = new ItemSketch { Sets = own.Sets | other.Sets, Dropped = own.Dropped | other.Dropped };
        var left = new[] { own, other }
            .SelectMany(sketch => new[]
            {
                (Bits: sketch.Newer, Keys: (int)sketch.Keys, Since: sketch.SinceUnixMs),
                (Bits: sketch.Older, Keys: KeysIn(sketch.Older.Span), Since: sketch.OlderSinceUnixMs),
            })
            .Where(half => !half.Bits.IsEmpty)
            .OrderByDescending(half => half.Since)
            .ToList();
        (joined.Newer, var keys, joined.SinceUnixMs) = TakeHalf(left);
        joined.Keys = (uint)keys;
        (joined.Older, _, joined.OlderSinceUnixMs) = TakeHalf(left);
        joined.Dropped |= left.Count > 0;
        return joined;
    }

    // The newest, and as many of the others as find room beside it.
    private static (ByteString Bits, int Keys, long Since) TakeHalf(List<(ByteString Bits, int Keys, long Since)> left)
    {
        if (left.Count == 0)
        {
            return (ByteString.Empty, 0, 0);
        }

        var (bits, keys, since) = (left[0].Bits.ToByteArray(), left[0].Keys, left[0].Since);
        left.RemoveAt(0);
        foreach (var half in left.ToArray())
        {
            if (keys + half.Keys <= Keys.SketchHalfKeys)
            {
                BloomFilter.Join(bits, half.Bits.Span);
                (keys, since) = (keys + half.Keys, Math.Min(since, half.Since));
                left.Remove(half);
            }
        }

        return (UnsafeByteOperations.UnsafeWrap(bits), keys, since);
    }

    private static int KeysIn(ReadOnlySpan<byte> bits) => Math.Min(Keys.SketchHalfKeys, BloomFilter.KeysIn(bits));

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
