using System.Runtime.InteropServices;

namespace Strata.Numerics;

/// <summary>A vector as it travels and rests: component i is the signed byte <c>Codes[i]</c> times <c>Scale</c>.</summary>
/// <param name="Codes">One signed byte a dimension, as bytes.</param>
/// <param name="Scale">Value of one step.</param>
public readonly record struct Int8Vector(ReadOnlyMemory<byte> Codes, float Scale)
{
    /// <summary>Number of components.</summary>
    public int Dimensions => Codes.Length;

    /// <summary>Quantises <paramref name="vector"/>.</summary>
    public static Int8Vector Encode(ReadOnlySpan<float> vector)
    {
        var (codes, scale) = Int8Codec.Encode(vector);
        return new Int8Vector(MemoryMarshal.AsBytes<sbyte>(codes).ToArray(), scale);
    }

    /// <summary>Writes the components into <paramref name="vector"/>, which has <see cref="Dimensions"/> elements.</summary>
    public void Decode(Span<float> vector) => Int8Codec.Decode(MemoryMarshal.Cast<byte, sbyte>(Codes.Span), Scale, vector);

    /// <summary>Writes the unit vector of what is left after <paramref name="mean"/> is subtracted; false when nothing is left.</summary>
    public bool TryCentre(ReadOnlySpan<float> mean, Span<float> vector)
    {
        Decode(vector);
        return VectorMath.TryCentre(vector, mean);
    }
}
