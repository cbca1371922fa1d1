using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Strata.Contracts.State.V1;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>
/// Keeps a profile within its bytes. What ranking misses least goes first, down to a floor each: light terms, older queries, older event
/// ids, older dismissals; then the oldest items. It runs after every event and does not count positions in the log, so what is shed depends
/// on the events only: not on how they came in batches, nor on what else lies in the log.
/// </summary>
internal static class ProfileBudget
{
    /// <summary>Bytes of an id that the budget counts; a longer one adds its surplus to the budget.</summary>
    public const int CountedId = 12;

    private const int ReservedForAttributes = 64;
    private const int FewTerms = 16;
    private const int FewestTerms = 8;
    private const int FewestQueries = 1;
    private const int FewestSeen = 16;
    private const int FewestDismissed = 4;

    // Of a varint of milliseconds since 1970.
    private const int TimeSize = 6;

    /// <param name="profile">The profile.</param>
    /// <param name="most">Bytes, without those of the sketch and of positions.</param>
    /// <param name="evicted">Takes the items that are shed.</param>
    /// <param name="fallen">Takes the dismissed items that are shed.</param>
    public static void Shed(Profile profile, int most, RepeatedField<ProfileItem> evicted, List<string> fallen)
    {
        // Attributes come from another topic. Their bytes are kept free, so that what is shed does not depend on whether they came before
        // or after an event.
        var attributes = profile.Attributes is { } present ? FieldSize(present) : 0;
        var sketch = profile.Sketch is { } kept ? 1 + FieldSize(kept) : 0;
        var over = profile.CalculateSize() - sketch - attributes + Math.Max(attributes, ReservedForAttributes) - most;
        if (over <= 0)
        {
            return;
        }

        foreach (var item in profile.Items)
        {
            over -= Surplus(item.ItemId) + FieldSize(item) - SizeOf(item);
        }

        foreach (var seen in profile.Seen)
        {
            over -= FieldSize(seen) - SizeOf(seen);
        }

        foreach (var id in profile.Dismissed)
        {
            over -= Surplus(id);
        }

        over = Cut(profile.Terms, FewTerms, over, FieldSize);
        over = Cut(profile.Queries, FewestQueries, over, FieldSize);
        over = Cut(profile.Seen, FewestSeen, over, SizeOf);
        over = Cut(
            profile.Dismissed,
            FewestDismissed,
            over,
            id => FieldSize(Encoding.UTF8.GetByteCount(id)) - Surplus(id) + TimeSize,
            fallen.Add);
        ProfileItems.CutDismissals(profile, profile.Dismissed.Count);
        over = Cut(profile.Terms, FewestTerms, over, FieldSize);
        while (over > 0 && profile.Items.Count > 0)
        {
            var oldest = profile.Items[^1];
            over -= SizeOf(oldest) - Surplus(oldest.ItemId);
            ProfileItems.Evict(profile.Items, evicted);
        }
    }

    private static int Cut<T>(RepeatedField<T> entries, int fewest, int over, Func<T, int> size, Action<T>? fell = null)
    {
        while (over > 0 && entries.Count > fewest)
        {
            over -= size(entries[^1]);
            fell?.Invoke(entries[^1]);
            entries.RemoveAt(entries.Count - 1);
        }

        return over;
    }

    private static int SizeOf(ProfileItem item) => FieldSize(item.CalculateSize() - PositionSize(item.Offset));

    private static int SizeOf(SeenEvent seen) => FieldSize(seen.CalculateSize() - PositionSize(seen.Offset));

    private static int PositionSize(long offset) => offset == 0 ? 0 : 1 + CodedOutputStream.ComputeInt64Size(offset);

    private static int FieldSize(IMessage entry) => FieldSize(entry.CalculateSize());

    // One byte for a tag below 16, then length and content.
    private static int FieldSize(int content) => 1 + CodedOutputStream.ComputeLengthSize(content) + content;

    private static int Surplus(string id) => Math.Max(0, Encoding.UTF8.GetByteCount(id) - CountedId);
}
