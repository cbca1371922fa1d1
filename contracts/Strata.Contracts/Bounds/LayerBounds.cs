using Google.Protobuf;
using Strata.Contracts.Layers.V1;
using static Strata.Contracts.Bounds.FieldBounds;

namespace Strata.Contracts.Bounds;

/// <summary>Bounds of layers and of what is added to them.</summary>
internal static class LayerBounds
{
    /// <summary>Partition of a delta that is a command, as they were written before they were messages of their own.</summary>
    private const int Command = -1;

    /// <summary>Points of one entry: their sum, in fixed point, is a 64-bit number.</summary>
    private const long Points = 1L << 30;

    // Layers of a user, and registers of a sketch of users.
    private const int RowLayers = 16;
    private const int Registers = 4096;

    // One in the fixed point of deltas. Squared distances of unit vectors are at most 4.
    private const long One = 1L << 30;
    private const long LongestSquare = 4;

    public static string? Of(LayerDelta value)
        => Counter("partition", value.Partition, Command, Partitions)
            ?? Counter("from", value.From)
            ?? Counter("to", value.To, value.From)
            ?? Counter("layer_set_version", value.LayerSetVersion)
            ?? Time("event_time_unix_ms", value.EventTimeUnixMs)
            ?? Id("move.request_id", value.Move?.RequestId ?? "")
            ?? Each(value.Entries, "entries", Several, Of)
            ?? Each(value.Rows, "rows", Several, Of);

    public static string? Of(LayerCommand value)
        => value.WhatCase == LayerCommand.WhatOneofCase.None
            ? "what asks for nothing that is known here"
            : Id("move.request_id", value.Move?.RequestId ?? "");

    public static string? Of(Layer value)
        => Counter("version", value.Version)
            ?? Unit("centroid", value.Centroid)
            ?? Number("weight", value.Weight, 0, Amount)
            ?? Numbers("sum", value.Sum, Dimensions)
            ?? Number("catalogue_weight", value.CatalogueWeight, 0, Amount)
            ?? Numbers("catalogue_sum", value.CatalogueSum, Dimensions)
            ?? Number("need", value.Need, -Amount, Amount)
            ?? Number("error", value.Error, -Amount, Amount)
            ?? Counter("age", value.Age, most: int.MaxValue)
            ?? Each(value.Words, "words", Few, Term)
            ?? Each(value.ExampleItemIds, "example_item_ids", Few, static id => Id("id", id))
            ?? Counter("items", value.Items, most: int.MaxValue)
            ?? Counter("points", value.Points)
            ?? Counter("as_of_points", value.AsOfPoints)
            ?? Counter("born_points", value.BornPoints)
            ?? Each(
                value.Series,
                "series",
                Few,
                static hour => Counter("hour", hour.Hour_, most: TimeBounds.NewestMs / 3_600_000) ?? Counter("points", hour.Points))
            ?? (value.Title is { } title ? Of(title) : null);

    public static string? Of(LayerSetMarker value)
        => Counter("version", value.Version)
            ?? Unit("mean", value.Mean)
            ?? Many("layer_ids", value.LayerIds.Count, Several)
            ?? Each(value.Positions, "positions", Partitions, Of)
            ?? Counter("points", value.Points)
            ?? Id("encoder", value.Encoder)
            ?? Time("event_time_unix_ms", value.EventTimeUnixMs)
            ?? Number("half_life_points", value.HalfLifePoints, 0, Amount)
            ?? Counter("seeded_items", value.SeededItems, most: int.MaxValue)
            ?? Each(value.Heirs, "heirs", Several, static heir => Number("share", heir.Share, 0, 1.001))
            ?? Counter("epoch_points", value.EpochPoints, most: int.MaxValue)
            ?? Each(value.Changes, "changes", Several, Of)
            ?? Counter("samples", value.Samples, most: int.MaxValue)
            ?? Counter("samples_from", value.SamplesFrom)
            ?? Each(value.Catalogue, "catalogue", Partitions, Of)
            ?? Each(
                value.Answers,
                "answers",
                Few,
                static answer => Id("request_id", answer.RequestId)
                    ?? Text("refusal", answer.Refusal)
                    ?? (answer.Made is { } made ? Of(made) : null));

    public static string? Of(SegmentSet value)
        => value.Set is null ? "set is not there"
            : Of(value.Set)
                ?? Each(value.Segments, "segments", Few, Of)
                ?? Aligned("segments", value.Segments.Count, value.Set.LayerIds.Count)
                ?? Sketch("users", value.Users)
                ?? Sketch("users_before", value.UsersBefore)
                ?? Time("users_since_unix_ms", value.UsersSinceUnixMs)
                ?? Counter("next", value.Next);

    private static string? Of(LayerDelta.Types.UserRow value)
        => Counter("offset", value.Offset)
            ?? Many("layer_ids", value.LayerIds.Count, RowLayers)
            ?? Aligned("shares", value.Shares.Length, value.LayerIds.Count)
            ?? Counter("mark", value.Mark, most: (Registers << 8) - 1);

    private static string? Sketch(string field, ByteString sketch)
        => sketch.Length is 0 or Registers ? null : $"{field} has {sketch.Length} bytes where a sketch has {Registers}";

    private static string? Of(LayerDelta.Types.Entry value)
    {
        if (Counter("points", value.Points, Points) is { } many)
        {
            return many;
        }

        // Each component of a unit vector is at most one; rounding may add one step a point.
        var points = (long)value.Points;
        foreach (var component in value.Sum)
        {
            if (Counter("sum", component, -points * (One + 1), points * (One + 1)) is { } far)
            {
                return far;
            }
        }

        return Many("sum", value.Sum.Count, Dimensions)
            ?? Counter("need", value.Need, -points, points * LongestSquare * (One + 1))
            ?? Counter("error", value.Error, -points, points * LongestSquare * (One + 1))
            ?? Each(value.Samples, "samples", Several, static sample => Packed("sample", sample))
            ?? Aligned("sample_offsets", value.SampleOffsets.Count, value.Samples.Count)
            ?? Each(value.SampleOffsets, "sample_offsets", Several, static offset => Counter("offset", offset))
            ?? (value.SampleQueries.Count == 0 ? null : Aligned("sample_queries", value.SampleQueries.Count, value.Samples.Count))
            ?? Each(value.SampleQueries, "sample_queries", Several, static query => Text("query", query));
    }

    private static string? Of(LayerTitle value)
        => Text("title", value.Title, Few)
            ?? Text("description", value.Description, Few)
            ?? Text("why", value.Suggestion?.Why ?? "", Few);

    private static string? Of(LayerSetMarker.Types.Position value)
        => Counter("partition", value.Partition, most: Partitions) ?? Counter("next", value.Next);

    private static string? Of(LayerSetMarker.Types.Change value)
        => Counter("version", value.Version)
            ?? Time("event_time_unix_ms", value.EventTimeUnixMs)
            ?? Number("first_share", value.FirstShare, 0, 1.001)
            ?? Number("gain", value.Gain, -Amount, Amount)
            ?? Number("need", value.Need, -Amount, Amount)
            ?? Counter("at_points", value.AtPoints)
            ?? Many("gone", value.Gone.Count, Few);
}
