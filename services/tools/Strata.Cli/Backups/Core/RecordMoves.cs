using System.Globalization;
using System.Text;
using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.DeadLetters.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Policy.V1;
using Strata.Streaming.Archiving;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Backups.Core;

/// <summary>Records whose messages name places in logs, as they are in the new logs. What is no message stays as it is.</summary>
internal static class RecordMoves
{
    private const string SetKey = "set";
    private const string DeadLetterTopics = ".dead";

    /// <summary>The record with the places that it names moved.</summary>
    public static LogRecord Apply(string topic, LogRecord record, LogMoves moves)
    {
        if (topic.EndsWith(DeadLetterTopics, StringComparison.Ordinal))
        {
            var marked = record with { Headers = [.. record.Headers.Select(header => Mark(topic, record.Partition, header, moves))] };
            return record.Value is null ? marked : Change(marked, DeadLetter.Parser, letter =>
                letter.Offset = moves.Move(letter.Topic, letter.Partition, letter.Offset));
        }

        return record.Value is null ? record : topic switch
        {
            Topics.InterestPoints => Change(record, InterestPoint.Parser, point =>
                point.EventOffset = moves.Move(Topics.Events, record.Partition, point.EventOffset)),
            Topics.ActivityDeltas => Change(record, ActivityDelta.Parser, delta => Move(delta, moves)),
            Topics.ItemActivity when Key(record).StartsWith(Keys.ActivityMarkerPrefix, StringComparison.Ordinal)
                => Change(record, ActivityMarker.Parser, marker =>
                {
                    foreach (var position in marker.Positions)
                    {
                        (position.Log, position.Next) = moves.Move(position.Log, position.Next);
                    }
                }),
            Topics.LayerDeltas when record.Key is null => Change(record, LayerDelta.Parser, delta =>
            {
                (_, delta.From) = moves.Move(delta.Log, delta.From);
                (delta.Log, delta.To) = moves.Move(delta.Log, delta.To);
            }),
            Topics.Layers when Key(record) == SetKey => Change(record, LayerSetMarker.Parser, marker => Move(marker, moves)),
            Topics.Layers when Key(record) == Keys.Segments => Change(record, SegmentSet.Parser, segments =>
            {
                Move(segments.Set, moves);
                segments.Next = moves.Move(Topics.LayerDeltas, 0, segments.Next);
            }),
            Topics.Policy => Change(record, Policy.Parser, policy =>
                (policy.TrainingLog, policy.TrainingNext) = moves.Move(policy.TrainingLog, policy.TrainingNext)),
            _ => record,
        };
    }

    private static void Move(ActivityDelta delta, LogMoves moves)
    {
        if (moves.Of(delta.Log) is not { } moved)
        {
            return;
        }

        var from = moved.Offsets.Below(delta.From);
        foreach (var act in delta.Acts)
        {
            act.At = (uint)(moved.Offsets.Below(delta.From + act.At) - from);
        }

        (delta.Log, delta.From, delta.To) = (moved.New, from, moved.Offsets.Below(delta.To));
    }

    private static void Move(LayerSetMarker marker, LogMoves moves)
    {
        foreach (var position in marker.Positions.Concat(marker.Catalogue))
        {
            (position.Log, position.Next) = moves.Move(position.Log, position.Next);
        }

        if (marker.HasSamplesFrom)
        {
            marker.SamplesFrom = moves.Move(Topics.LayerDeltas, 0, marker.SamplesFrom);
        }
    }

    private static KeyValuePair<string, byte[]> Mark(string topic, int partition, KeyValuePair<string, byte[]> header, LogMoves moves)
        => header.Key == LetterBox.OffsetHeader
            && long.TryParse(Encoding.UTF8.GetString(header.Value), CultureInfo.InvariantCulture, out var offset)
            ? KeyValuePair.Create(
                header.Key, Encoding.UTF8.GetBytes(moves.Move(topic, partition, offset).ToString(CultureInfo.InvariantCulture)))
            : header;

    private static string Key(LogRecord record) => record.Key is { } key ? Encoding.UTF8.GetString(key) : "";

    private static LogRecord Change<T>(LogRecord record, MessageParser<T> parser, Action<T> change)
        where T : IMessage<T>
    {
        T message;
        try
        {
            message = parser.ParseFrom(record.Value);
        }
        catch (InvalidProtocolBufferException)
        {
            return record; // whoever reads it says so
        }

        change(message);
        return record with { Value = message.ToByteArray() };
    }
}
