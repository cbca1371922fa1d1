using Google.Protobuf.Collections;
using Strata.Contracts.Activity.V1;
using static Strata.Contracts.Bounds.FieldBounds;

namespace Strata.Contracts.Bounds;

/// <summary>Bounds of what is said about the use of items.</summary>
internal static class ActivityBounds
{
    /// <summary>Offsets that one delta absorbs.</summary>
    private const long Range = 1L << 24;

    private const int Popularities = 16;

    public static string? Of(ActivityDelta value)
    {
        var items = value.Items.Count;
        return Counter("events_partition", value.EventsPartition, most: Partitions)
            ?? Counter("item_partition", value.ItemPartition, most: Partitions)
            ?? Counter("from", value.From)
            ?? Counter("to", value.To, value.From, Math.Min(Count, value.From + Range))
            ?? Each(value.Items, "items", int.MaxValue, static id => Id("item", id))
            ?? Each(value.Acts, "acts", int.MaxValue, act => Of(act, items, value.To - value.From));
    }

    public static string? Of(ItemActivity value)
        => Id("item_id", value.ItemId)
            ?? Time("as_of_unix_ms", value.AsOfUnixMs)
            ?? Numbers("popularity", value.Popularity, Popularities, least: 0)
            ?? Number("first_touches", value.FirstTouches, 0, Amount)
            ?? Number("transitions_out", value.TransitionsOut, 0, Amount)
            ?? Time("first_event_unix_ms", value.FirstEventUnixMs)
            ?? Time("last_event_unix_ms", value.LastEventUnixMs)
            ?? Each(value.CoVisits, "co_visits", Few, Of)
            ?? Each(value.Transitions, "transitions", Few, Of);

    public static string? Of(ActivityMarker value)
        => Counter("item_partition", value.ItemPartition, most: Partitions)
            ?? Each(
                value.Positions,
                "positions",
                Partitions,
                static position
                    => Counter("events_partition", position.EventsPartition, most: Partitions) ?? Counter("next", position.Next));

    private static string? Of(ItemActivity.Types.Neighbour value)
        => Id("item_id", value.ItemId) ?? Number("weight", value.Weight, 0, Amount);

    private static string? Of(ActivityDelta.Types.Act value, int items, long range)
        => Counter("at", value.At, most: range - 1)
            ?? Time("time_unix_ms", value.TimeUnixMs)
            ?? Index("item", value.Item, items)
            ?? Indices("seen_before", value.SeenBefore, items)
            ?? Indices("seeing", value.Seeing, items)
            ?? Indices("origins", value.Origins, items)
            ?? Aligned("origin_weights", value.OriginWeights.Count, value.Origins.Count)
            ?? Numbers("origin_weights", value.OriginWeights, Few, least: 0)
            ?? Numbers("seen_before_weights", value.SeenBeforeWeights, Few, least: 0)
            ?? Numbers("seeing_weights", value.SeeingWeights, Few, least: 0);

    private static string? Index(string field, uint value, int items)
        => value < items ? null : Say($"{field} is {value} where {items} items are named");

    private static string? Indices(string field, RepeatedField<uint> values, int items)
        => Each(values, field, Few, index => Index("index", index, items));
}
