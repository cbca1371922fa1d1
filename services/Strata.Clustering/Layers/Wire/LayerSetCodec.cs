using System.Collections.Immutable;
using System.Globalization;
using Strata.Contracts;
using Messages = Strata.Contracts.Layers.V1;

namespace Strata.Clustering.Layers.Wire;

/// <summary>Layer sets as they lie on strata.layers.v1: one message a layer and a marker behind them.</summary>
public static class LayerSetCodec
{
    /// <summary>Key of the marker that says that a version is whole.</summary>
    public const string MarkerKey = "set";

    /// <summary>Key of the segments, which lie beside the layers.</summary>
    public const string SegmentsKey = Keys.Segments;

    private const string LayerPrefix = "layer:";

    public static string KeyOf(uint layerId) => string.Create(CultureInfo.InvariantCulture, $"{LayerPrefix}{layerId}");

    public static bool TryReadKey(string? key, out uint layerId)
    {
        layerId = 0;
        return key is not null && key.StartsWith(LayerPrefix, StringComparison.Ordinal)
            && uint.TryParse(key.AsSpan(LayerPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out layerId);
    }

    /// <summary>The layer at <paramref name="index"/> as a message.</summary>
    public static Messages.Layer ToMessage(LayerSet set, int index)
    {
        ArgumentNullException.ThrowIfNull(set);
        var layer = set.Layers[index];
        var message = new Messages.Layer
        {
            LayerId = layer.Id,
            Version = layer.Version,
            Weight = layer.Weight,
            Need = layer.Need,
            Error = layer.Error,
            Age = (uint)set.AgeOf(index),
            Points = layer.Points,
            AsOfPoints = layer.AsOfPoints,
            BornPoints = layer.BornPoints,
            Items = (uint)(layer.Name?.Items ?? 0),
            CatalogueWeight = layer.CatalogueWeight,
        };
        message.Centroid.Add(set.Centroid(index).ToArray());
        message.Sum.Add(layer.Sum.ToArray());
        message.CatalogueSum.Add(layer.CatalogueSum.ToArray());
        if (layer.Name is { } name)
        {
            message.Words.Add(name.Words.Select(word => new Contracts.Common.V1.TermWeight { Term = word.Word, Weight = word.Score }));
            message.ExampleItemIds.Add(name.ExampleItemIds);
            message.Title = TitleCodec.ToMessage(name.Title);
        }

        if (layer.Group is { } group)
        {
            (message.GroupId, message.ParentGroupId, message.ShapeId) = (group.Group, group.Parent, group.Shape);
        }

        message.Series.Add(
            layer.Series.Points.Select(hour => new Messages.Layer.Types.Hour { Hour_ = hour.Key, Points = (ulong)hour.Value }));
        return message;
    }

    public static Messages.LayerSetMarker ToMarker(LayerSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var marker = new Messages.LayerSetMarker
        {
            Version = set.Version,
            Seeding = set.Seeding,
            SeededItems = (uint)set.SeededItems,
            Points = set.Points,
            Encoder = set.Encoder,
            NextLayerId = set.NextLayerId,
            EventTimeUnixMs = set.EventTimeUnixMs,
            HalfLifePoints = set.HalfLifePoints,
            EpochPoints = (uint)set.EpochPoints,
            Samples = (uint)set.Samples,
            NextGroupId = set.NextGroupId,
        };
        marker.Changes.Add(set.History.Changes.Select(ChangeCodec.ToMessage));
        if (set.SamplesFrom is { } from)
        {
            marker.SamplesFrom = from;
        }

        marker.Mean.Add(set.Mean.ToArray());
        marker.LayerIds.Add(set.Layers.Select(layer => layer.Id));
        marker.Positions.Add(set.Positions.Select(position => new Messages.LayerSetMarker.Types.Position
        {
            Partition = position.Key,
            Log = position.Value.Log,
            Next = position.Value.Next,
        }));
        marker.Catalogue.Add(set.CatalogueNext.Select(
            next => new Messages.LayerSetMarker.Types.Position { Partition = next.Key, Next = next.Value }));
        marker.Answers.Add(set.Answers.Select(answer => new Messages.LayerSetMarker.Types.MoveAnswer
        {
            RequestId = answer.RequestId,
            Made = answer.Made is null ? null : ChangeCodec.ToMessage(answer.Made),
            Refusal = answer.Refusal,
        }));
        marker.Heirs.Add(set.Lineage.Rows.Select(
            row => new Messages.LayerSetMarker.Types.Heir { Gone = row.Gone, Heir_ = row.Live, Share = row.Share }));
        return marker;
    }

    /// <summary>
    /// The set that a marker closes, from the newest message of each layer; null when a layer is missing or another encoder's: the reader
    /// came late to a log that was cut.
    /// </summary>
    public static LayerSet? FromMessages(Messages.LayerSetMarker marker, IReadOnlyDictionary<uint, Messages.Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(marker);
        ArgumentNullException.ThrowIfNull(layers);
        var dimensions = marker.Mean.Count;
        var ids = marker.LayerIds.Order().ToArray();
        var centroids = new float[ids.Length * dimensions];
        var states = ImmutableArray.CreateBuilder<LayerState>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            if (!layers.TryGetValue(ids[i], out var layer) || layer.Centroid.Count != dimensions || layer.Sum.Count != dimensions)
            {
                return null;
            }

            layer.Centroid.CopyTo(centroids, i * dimensions);
            states.Add(ToState(layer));
        }

        return new LayerSet
        {
            Version = marker.Version,
            Seeding = marker.Seeding,
            SeededItems = (int)marker.SeededItems,
            Encoder = marker.Encoder,
            Mean = marker.Mean.ToArray(),
            Centroids = centroids,
            Layers = states.MoveToImmutable(),
            Points = marker.Points,
            NextLayerId = marker.NextLayerId,
            HalfLifePoints = marker.HalfLifePoints,
            EpochPoints = (int)marker.EpochPoints,
            Samples = (int)marker.Samples,
            SamplesFrom = marker.HasSamplesFrom ? marker.SamplesFrom : null,
            EventTimeUnixMs = marker.EventTimeUnixMs,
            Positions = marker.Positions.ToImmutableSortedDictionary(
                position => position.Partition, position => new LogPosition(position.Log, position.Next)),
            CatalogueNext = marker.Catalogue.ToImmutableSortedDictionary(position => position.Partition, position => position.Next),
            Answers =
            [
                .. marker.Answers.Select(answer => new MoveAnswer(
                    answer.RequestId, answer.Made is null ? null : ChangeCodec.FromMessage(answer.Made), answer.Refusal)),
            ],
            NextGroupId = Math.Max(1, marker.NextGroupId),
            History = LayerHistory.Of(marker.Changes.Select(ChangeCodec.FromMessage)),
            Lineage = Lineage.Of(marker.Heirs.Select(row => new Heir(row.Gone, row.Heir_, row.Share))),
        };
    }

    private static LayerState ToState(Messages.Layer layer) => new()
    {
        Id = layer.LayerId,
        Version = layer.Version,
        Weight = layer.Weight,
        Sum = layer.Sum.ToArray(),
        Need = layer.Need,
        Error = layer.Error,
        CatalogueWeight = layer.CatalogueWeight,
        CatalogueSum = layer.CatalogueSum.ToArray(),
        AsOfPoints = layer.AsOfPoints,
        BornPoints = layer.BornPoints,
        Points = layer.Points,
        Group = layer.GroupId == 0 ? null : new LayerGroup(layer.GroupId, layer.ParentGroupId, layer.ShapeId),
        Series = LayerSeries.Of(layer.Series.Select(hour => KeyValuePair.Create(hour.Hour_, (long)hour.Points))),
        Name = NameOf(layer),
    };

    private static LayerName? NameOf(Messages.Layer layer)
    {
        if (layer.Words.Count == 0 && layer.ExampleItemIds.Count == 0 && layer.Items == 0)
        {
            return null;
        }

        return new LayerName([.. layer.Words.Select(word => (word.Term, word.Weight))], [.. layer.ExampleItemIds], (int)layer.Items)
        {
            Title = TitleCodec.FromMessage(layer.Title),
        };
    }
}
