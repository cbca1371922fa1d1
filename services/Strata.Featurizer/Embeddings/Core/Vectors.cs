using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Contracts.Common.V1;
using Strata.Numerics;

namespace Strata.Featurizer.Embeddings;

/// <summary>Between components and the message that travels.</summary>
internal static class Vectors
{
    public static Vector ToVector(ReadOnlySpan<float> components)
    {
        var (codes, scale) = Int8Codec.Encode(components);
        return new Vector { Codes = ByteString.CopyFrom(MemoryMarshal.AsBytes(codes.AsSpan())), Scale = scale };
    }

    public static float[] ToComponents(Vector vector)
    {
        var components = new float[vector.Codes.Length];
        Int8Codec.Decode(MemoryMarshal.Cast<byte, sbyte>(vector.Codes.Span), vector.Scale, components);
        return components;
    }
}
