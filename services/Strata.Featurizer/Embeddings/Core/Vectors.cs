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

    /// <summary>The components of a vector, scaled to unit length.</summary>
    public static float[] ToUnit(Vector vector)
    {
        var unit = new float[vector.Codes.Length];
        new Int8Vector(vector.Codes.Memory, vector.Scale).Decode(unit);
        VectorMath.TryNormalize(unit);
        return unit;
    }

    /// <summary>The mean of the unit vectors, scaled to unit length; a single vector as it is, byte for byte.</summary>
    public static Vector Mean(IReadOnlyList<Vector> vectors)
    {
        if (vectors.Count == 1)
        {
            return vectors[0];
        }

        var mean = new float[vectors[0].Codes.Length];
        foreach (var vector in vectors)
        {
            VectorMath.AddScaled(mean, ToUnit(vector), 1f / vectors.Count);
        }

        VectorMath.TryNormalize(mean);
        return ToVector(mean);
    }
}
