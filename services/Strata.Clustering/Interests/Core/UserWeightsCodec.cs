using Google.Protobuf;
using Strata.Contracts.State.V1;

namespace Strata.Clustering.Interests.Core;

/// <summary>A user's weights as they rest under {u:&lt;id&gt;}:layers, behind one fence. At most 256 bytes with it.</summary>
public static class UserWeightsCodec
{
    public static byte[] Encode(UserWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var message = new UserLayers { AsOfUnixMs = weights.AsOfUnixMs, Version = weights.Version };
        foreach (var entry in weights.Entries)
        {
            message.LayerIds.Add(entry.LayerId);
            message.LongWeights.Add(entry.LongTerm);
            message.ShortWeights.Add(entry.ShortTerm);
        }

        return message.ToByteArray();
    }

    /// <summary>The weights in a payload; an empty payload is a user of whom nothing is known.</summary>
    /// <exception cref="InvalidDataException">Ids and weights are not aligned.</exception>
    public static UserWeights Decode(ReadOnlyMemory<byte> payload)
        => payload.IsEmpty ? UserWeights.Empty : FromMessage(UserLayers.Parser.ParseFrom(payload.Span));

    /// <summary>The weights in a message.</summary>
    /// <exception cref="InvalidDataException">Ids and weights are not aligned.</exception>
    public static UserWeights FromMessage(UserLayers message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.LongWeights.Count != message.LayerIds.Count || message.ShortWeights.Count != message.LayerIds.Count)
        {
            throw new InvalidDataException("layer ids and weights of a user are not aligned");
        }

        var entries = new LayerWeight[message.LayerIds.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new LayerWeight(message.LayerIds[i], message.LongWeights[i], message.ShortWeights[i]);
        }

        return new UserWeights(entries, message.AsOfUnixMs, message.Version);
    }
}
