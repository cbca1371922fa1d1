using System.Globalization;
using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Layers;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Ranking.Index;

/// <summary>
/// Follows item features, item activity and layers into the catalogue. One table for the three topics, so the catalogue has one writer.
/// Layers wait for their marker; so does the activity of a partition, because its marker says which events it has absorbed: readers of
/// <see cref="ActivityWatermarks"/> never see more than it vouches for.
/// </summary>
internal sealed class CatalogueTable(
    Catalogue catalogue, ActivityWatermarks watermarks, IndexMetrics metrics, ILogger<CatalogueTable> logger) : ITableHandler
{
    /// <summary>Name in settings, health and metrics.</summary>
    public const string Name = "ranking-catalogue";

    private const string LayerPrefix = "layer:";
    private const string SetKey = "set";

    private readonly LayerSetBuffer _layers = new();
    private readonly Dictionary<int, List<StreamRecord>> _unvouched = [];
    private LayerView? _newestSet;
    private bool _caughtUp;

    public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        foreach (var record in batch)
        {
            Apply(record);
        }

        if (_caughtUp)
        {
            Show();
        }

        return ValueTask.CompletedTask;
    }

    public void CaughtUp()
    {
        _caughtUp = true;
        foreach (var waiting in _unvouched.Values)
        {
            waiting.ForEach(ApplyActivity);
            waiting.Clear();
        }

        Show();
        catalogue.Complete();
        logger.CaughtUp(catalogue.Current.Count, catalogue.Current.Vectors.Rows, catalogue.Current.Layers.Version);
    }

    private void Apply(StreamRecord record)
    {
        switch (record.Topic)
        {
            case Topics.ItemFeatures:
                ApplyFeatures(record);
                break;
            case Topics.ItemActivity when record.Key?.StartsWith(Keys.ActivityMarkerPrefix, StringComparison.Ordinal) == true:
                ApplyMarker(record);
                break;
            case Topics.ItemActivity:
                Waiting(record.Partition).Add(record);
                break;
            case Topics.Layers:
                ApplyLayer(record);
                break;
            default:
                record.Skip("the topic is not one of this table");
                break;
        }
    }

    private void ApplyFeatures(StreamRecord record)
    {
        if (record is { Value: null, Key: { } gone })
        {
            catalogue.Remove(gone);
        }
        else if (Parse(record, ItemFeatures.Parser) is { } features && IsNamed(record, features.ItemId))
        {
            catalogue.Put(features);
        }
    }

    private void ApplyMarker(StreamRecord record)
    {
        if (Parse(record, ActivityMarker.Parser) is { } marker)
        {
            watermarks.Announce(marker);
            Waiting(record.Partition).ForEach(ApplyActivity);
            Waiting(record.Partition).Clear();
        }
    }

    private void ApplyActivity(StreamRecord record)
    {
        if (record is { Value: null, Key: { } gone })
        {
            catalogue.RemoveActivity(gone);
        }
        else if (Parse(record, ItemActivity.Parser) is { } activity && IsNamed(record, activity.ItemId))
        {
            catalogue.Put(activity);
        }
    }

    private void ApplyLayer(StreamRecord record)
    {
        if (record.Key == SetKey)
        {
            _newestSet = Parse(record, LayerSetMarker.Parser) is { } marker ? _layers.Put(marker) ?? _newestSet : _newestSet;
        }
        else if (record.Key == Keys.Segments)
        {
            if (Parse(record, SegmentSet.Parser) is { } segments)
            {
                catalogue.Put(new SegmentView(segments));
            }
        }
        else if (record is { Value: null, Key: { } key }
            && key.StartsWith(LayerPrefix, StringComparison.Ordinal)
            && uint.TryParse(key.AsSpan(LayerPrefix.Length), out var gone))
        {
            _layers.Remove(gone);
        }
        else if (Parse(record, Layer.Parser) is { } layer)
        {
            if (record.Key == string.Create(CultureInfo.InvariantCulture, $"{LayerPrefix}{layer.LayerId}"))
            {
                _newestSet = _layers.Put(layer) ?? _newestSet;
            }
            else
            {
                record.Skip("the message's layer is not the record's key");
            }
        }
    }

    // A set means work for every item; of several in a batch only the newest is worth it.
    private void Show()
    {
        if (_newestSet is { } layers)
        {
            catalogue.Put(layers);
            _newestSet = null;
        }

        catalogue.Publish();
        metrics.Show(catalogue.Current);
    }

    private List<StreamRecord> Waiting(int partition)
    {
        if (!_unvouched.TryGetValue(partition, out var waiting))
        {
            _unvouched[partition] = waiting = [];
        }

        return waiting;
    }

    private static T? Parse<T>(StreamRecord record, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        if (record.TryParse(parser, out var message, out var reason))
        {
            return message;
        }

        record.Skip(reason);
        return null;
    }

    private static bool IsNamed(StreamRecord record, string itemId)
    {
        if (itemId.Length > 0 && itemId == record.Key)
        {
            return true;
        }

        record.Skip("the message's item is not the record's key");
        return false;
    }
}
