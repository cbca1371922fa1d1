using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Contracts.Common.V1;
using Strata.Numerics;

namespace Strata.Featurizer.Embeddings.Core;

/// <summary>From components to the message that travels.</summary>
internal static class Vectors
{
    public static Vector ToVector(ReadOnlySpan<float> components)
    {
        var (codes, scale) = Int8Codec.Encode(components);
        return new Vector { Codes = ByteString.CopyFrom(MemoryMarshal.AsBytes(codes.AsSpan())), Scale = scale };
    }
}
