using System.Numerics.Tensors;

namespace Strata.Numerics;

/// <summary>Symmetric int8 quantisation with one scale a vector: component = code · scale, code in [-127, 127].</summary>
public static class Int8Codec
{
    /// <summary>Quantises <paramref name="vector"/>; the scale is the largest magnitude over 127, or 1 for the zero vector.</summary>
    public static (sbyte[] Codes, float Scale) Encode(ReadOnlySpan<float> vector)
    {
        var largest = vector.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        var scale = largest > 0 ? largest / 127 : 1;
        var codes = new sbyte[vector.Length];
        for (var i = 0; i < vector.Length; i++)
        {
            codes[i] = (sbyte)MathF.Round(vector[i] / scale);
        }

        return (codes, scale);
    }

    /// <summary>Writes code · scale of every component into <paramref name="vector"/>, which is as long as <paramref name="codes"/>.</summary>
    public static void Decode(ReadOnlySpan<sbyte> codes, float scale, Span<float> vector)
    {
        TensorPrimitives.ConvertTruncating(codes, vector);
        TensorPrimitives.Multiply(vector, scale, vector);
    }
}
