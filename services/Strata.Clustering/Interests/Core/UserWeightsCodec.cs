using Google.Protobuf;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;

namespace Strata.Clustering.Interests.Core;

/// <summary>A user's weights as they rest under {u:&lt;id&gt;}:layers, behind one fence. At most 256 bytes with it, and
/// the ids of items.</summary>
public static class UserWeightsCodec
{
    /// <summary>The payload of weights.</summary>
    /// <param name="weights">Weights.</param>
    /// <param name="forgotten">Up to when the user was forgotten; null: never.</param>
    /// <param name="handedOver">What was handed over and may not have arrived; null: nothing.</param>
    public static byte[] Encode(UserWeights weights, Forgotten? forgotten = null, IEnumerable<HandedOver>? handedOver = null)
    {
        var message = ToMessage(weights, forgotten);
        message.HandedOver.Add(handedOver ?? []);
        return message.ToByteArray();
    }

    /// <summary>The message of weights.</summary>
    /// <param name="weights">Weights.</param>
    /// <param name="forgotten">Up to when the user was forgotten; null: never.</param>
    public static UserLayers ToMessage(UserWeights weights, Forgotten? forgotten)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var message = new UserLayers { AsOfUnixMs = weights.AsOfUnixMs, Version = weights.Version, Forgotten = forgotten };
        foreach (var entry in weights.Entries)
        {
            message.LayerIds.Add(entry.LayerId);
            message.LongWeights.Add(entry.LongTerm);
            message.ShortWeights.Add(entry.ShortTerm);
        }

        if (weights.Entries.Any(static entry => entry.Touched.Count > 0))
        {
            message.TouchedCounts.Add(weights.Entries.Select(static entry => (uint)entry.Touched.Count));
            message.TouchedItemIds.Add(weights.Entries.SelectMany(static entry => entry.Touched.ItemIds));
        }

        return message;
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
        var from = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            var count = i < message.TouchedCounts.Count ? (int)message.TouchedCounts[i] : 0;
            var touched = Touched.Of(message.TouchedItemIds.Skip(from).Take(count));
            entries[i] = new LayerWeight(message.LayerIds[i], message.LongWeights[i], message.ShortWeights[i], touched);
            from += count;
        }

        return new UserWeights(entries, message.AsOfUnixMs, message.Version);
    }
}
