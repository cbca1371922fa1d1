using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;

namespace Strata.Streaming.Inspection;

/// <summary>Which message a record of a topic is, by its key where a topic carries two.</summary>
public static class TopicMessages
{
    /// <summary>The message's parser.</summary>
    /// <exception cref="InvalidDataException">The topic is none of Strata's.</exception>
    public static MessageDescriptor Of(string topic, ReadOnlySpan<byte> key)
    {
        var text = Encoding.UTF8.GetString(key);
        return topic switch
        {
            Topics.Events => UserEvent.Descriptor,
            Topics.Items => Item.Descriptor,
            Topics.Users => UserAttributes.Descriptor,
            Topics.Consents => Consent.Descriptor,
            Topics.ItemFeatures => ItemFeatures.Descriptor,
            Topics.InterestPoints => InterestPoint.Descriptor,
            Topics.ActivityDeltas => ActivityDelta.Descriptor,
            Topics.ItemActivity when text.StartsWith("marker:", StringComparison.Ordinal) => ActivityMarker.Descriptor,
            Topics.ItemActivity => ItemActivity.Descriptor,
            Topics.LayerDeltas => text == "command" ? LayerCommand.Descriptor : LayerDelta.Descriptor,
            Topics.Layers when text == Keys.Segments => SegmentSet.Descriptor,
            Topics.Layers => text == "set" ? LayerSetMarker.Descriptor : Layer.Descriptor,
            Topics.Impressions => Impression.Descriptor,
            Topics.Training => text == Keys.PolicyCommand ? PolicyCommand.Descriptor : TrainingExample.Descriptor,
            Topics.Policy => Policy.Descriptor,
            _ => throw new InvalidDataException($"{topic} is no topic of Strata"),
        };
    }

    /// <summary>A value as JSON; null where the bytes are no such message, and then why.</summary>
    public static (string? Json, string? Fault) Decode(string topic, ReadOnlySpan<byte> key, ByteString value)
    {
        try
        {
            var message = Of(topic, key).Parser.ParseFrom(value);
            return (new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation()).Format(message), null);
        }
        catch (InvalidProtocolBufferException fault)
        {
            return (null, fault.Message);
        }
        catch (InvalidOperationException fault)
        {
            return (null, fault.Message); // a number that JSON has no word for, such as a time out of its range
        }
    }

    /// <summary>The bytes of a value that is written as JSON.</summary>
    /// <exception cref="InvalidDataException">The JSON is no such message.</exception>
    public static byte[] Encode(string topic, ReadOnlySpan<byte> key, string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var message = Of(topic, key);
        try
        {
            return JsonParser.Default.Parse(json, message).ToByteArray();
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new InvalidDataException($"That is no {message.Name}: {fault.Message}", fault);
        }
    }
}
