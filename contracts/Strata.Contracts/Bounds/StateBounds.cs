using Google.Protobuf;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using static Strata.Contracts.Bounds.FieldBounds;

namespace Strata.Contracts.Bounds;

/// <summary>Bounds of what rests in Redis by user.</summary>
internal static class StateBounds
{
    public static string? Of(Profile value)
        => Each(value.Items, "items", Few, Of)
            ?? Each(
                value.Queries,
                "queries",
                Few,
                static query => Text("text", query.Text) ?? Packed("vector", query.Vector) ?? Time("time_unix_ms", query.TimeUnixMs))
            // Sums of what speaks for and against.
            ?? Each(value.Terms, "terms", Few, static term => Text("term", term.Term) ?? Number("weight", term.Weight, -Amount, Amount))
            ?? Time("terms_as_of_unix_ms", value.TermsAsOfUnixMs)
            ?? (value.Attributes is { } attributes ? MessageBounds.Fault(attributes) : null)
            ?? Each(value.Seen, "seen", Few, static seen => Counter("offset", seen.Offset))
            ?? Time("last_event_unix_ms", value.LastEventUnixMs)
            ?? Counter("events", value.Events)
            ?? Each(value.UndoLog, "undo_log", Several, Of)
            ?? Each(value.Dismissed, "dismissed", Few, static id => Id("id", id))
            ?? Each(value.DismissedUnixMs, "dismissed_unix_ms", Few, static time => Time("time", time))
            ?? Each(value.Controls, "controls", Few, Of)
            ?? (value.Sketch is { } sketch ? Of(sketch) : null)
            ?? Number("points", value.Points, 0, Amount)
            ?? Time("points_as_of_unix_ms", value.PointsAsOfUnixMs)
            ?? Of(value.Forgotten);

    public static string? Of(UserLayers value)
        => Many("layer_ids", value.LayerIds.Count, Few)
            ?? Aligned("long_weights", value.LongWeights.Count, value.LayerIds.Count)
            ?? Numbers("long_weights", value.LongWeights, Few)
            ?? Aligned("short_weights", value.ShortWeights.Count, value.LayerIds.Count)
            ?? Numbers("short_weights", value.ShortWeights, Few)
            ?? Time("as_of_unix_ms", value.AsOfUnixMs)
            ?? Counter("version", value.Version)
            ?? (value.TouchedCounts.Count == 0 ? null : Aligned("touched_counts", value.TouchedCounts.Count, value.LayerIds.Count))
            ?? Each(value.TouchedItemIds, "touched_item_ids", Few, static id => Id("id", id))
            ?? Aligned("touched_item_ids", value.TouchedItemIds.Count, (int)Math.Min(int.MaxValue, value.TouchedCounts.Sum(n => (long)n)))
            ?? Of(value.Forgotten)
            ?? Each(value.HandedOver, "handed_over", Few, Of);

    public static string? Of(UserPolicy value)
        => Many("layer_ids", value.LayerIds.Count, Few)
            ?? Aligned("clicks", value.Clicks.Count, value.LayerIds.Count)
            ?? Numbers("clicks", value.Clicks, Few, least: 0)
            ?? Aligned("shown", value.Shown.Count, value.LayerIds.Count)
            ?? Numbers("shown", value.Shown, Few, least: 0)
            ?? Numbers("evidence", value.Evidence, Few)
            ?? Aligned("evidence_layer_ids", value.EvidenceLayerIds.Count, value.Evidence.Count)
            ?? Time("as_of_unix_ms", value.AsOfUnixMs)
            ?? Each(value.PassedOver, "passed_over", Few, Of)
            ?? Counter("passed_over_half_life_s", value.PassedOverHalfLifeS, most: int.MaxValue)
            ?? Of(value.Forgotten)
            ?? Each(value.HandedOver, "handed_over", Few, Of)
            ?? ArmBounds.Of(value.Arms)
            ?? Each(value.Settled, "settled", Few, Of);

    private static string? Of(SettledSlate value)
        => Counter("offset", value.Offset)
            ?? Many("chosen", value.Chosen.Length, Few)
            ?? Many("dismissed", value.Dismissed.Length, Few)
            ?? Each(
                value.Late,
                "late",
                Few,
                static late => Counter("index", late.Index, most: Few) ?? Counter("event_offset", late.EventOffset));

    public static string? Of(Forgotten? value)
        => value is null
            ? null
            : Time("event_time_unix_ms", value.EventTimeUnixMs) ?? Time("asked_unix_ms", value.AskedUnixMs);

    public static string? Of(HandOver? value)
        => value is null
            ? null
            : Id("to_user_id", value.ToUserId)
                ?? Id("from_user_id", value.FromUserId)
                ?? Time("asked_unix_ms", value.AskedUnixMs)
                ?? (value.Profile is { } profile ? Of(profile) : null)
                ?? (value.Layers is { } layers ? Of(layers) : null)
                ?? (value.Policy is { } policy ? Of(policy) : null);

    public static string? Of(LayerControl value)
        => Number("long_weight", value.LongWeight, -Amount, Amount)
            ?? Number("short_weight", value.ShortWeight, -Amount, Amount)
            ?? Time("as_of_unix_ms", value.AsOfUnixMs)
            ?? Each(value.ItemIds, "item_ids", Few, static id => Id("id", id))
            ?? Time("asked_unix_ms", value.AskedUnixMs)
            ?? Each(value.Queries, "queries", Few, static query => Text("query", query))
            ?? Each(value.Terms, "terms", Several, static term => Text("term", term));

    private static string? Of(PassedOver value)
        => Id("item_id", value.ItemId)
            ?? Number("count", value.Count, 0, Amount)
            ?? Counter("slates", value.Slates, most: int.MaxValue)
            ?? Time("last_unix_ms", value.LastUnixMs);

    private static string? Of(HandedOver value) => Counter("offset", value.Offset) ?? Of(value.Sent);

    private static string? Of(ProfileItem value)
        => Id("item_id", value.ItemId)
            ?? Time("last_unix_ms", value.LastUnixMs)
            ?? Number("count", value.Count, 0, Amount)
            ?? Counter("offset", value.Offset)
            ?? Time("dismissed_unix_ms", value.DismissedUnixMs);

    private static string? Of(ItemSketch value)
        => Half("newer", value.Newer)
            ?? Half("older", value.Older)
            ?? Counter("keys", value.Keys, most: Keys.SketchHalfKeys)
            ?? Time("since_unix_ms", value.SinceUnixMs)
            ?? Time("older_since_unix_ms", value.OlderSinceUnixMs);

    // Absent, or as long as the filter is.
    private static string? Half(string field, ByteString bits)
        => bits.IsEmpty || bits.Length == Keys.SketchHalfBytes
            ? null
            : Say($"{field} has {bits.Length} bytes, not {Keys.SketchHalfBytes}");

    private static string? Of(Undo value)
        => Counter("offset", value.Offset)
            ?? Id("item_id", value.ItemId)
            ?? Counter("index", value.Index, -1, Few)
            ?? (value.Index >= 0 == value.Before is not null ? null : Say($"index is {value.Index} with or without an entry before it"))
            ?? (value.Before is { } before ? Of(before) : null)
            ?? Each(value.Evicted, "evicted", Few, Of)
            ?? Of(value.HandOver);
}
