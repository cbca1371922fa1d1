using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Strata.Numerics;

/// <summary>Symmetric int8 quantisation with one scale a vector: component = code · scale, code in [-127, 127].</summary>
public static class Int8Codec
{
    // Far above where a step runs out of digits.
    private const float LeastMagnitude = 1e-30f;

    /// <summary>
    /// Quantises <paramref name="vector"/>; the scale is the largest magnitude over 127, or 1 where that is below 1e-30, which is taken for
    /// zero.
    /// </summary>
    public static (sbyte[] Codes, float Scale) Encode(ReadOnlySpan<float> vector)
    {
        var largest = vector.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        var scale = largest >= LeastMagnitude ? largest / 127 : 1;
        var codes = new sbyte[vector.Length];
        for (var i = 0; i < vector.Length; i++)
        {
            codes[i] = (sbyte)MathF.Round(vector[i] / scale);
        }

        return (codes, scale);
    }

    /// <summary>
    /// Writes code · scale of every component into <paramref name="vector"/>, which is as long as <paramref name="codes"/>.
    /// </summary>
    public static void Decode(ReadOnlySpan<sbyte> codes, float scale, Span<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, codes.Length);
        ref var from = ref MemoryMarshal.GetReference(codes);
        ref var to = ref MemoryMarshal.GetReference(vector);
        var i = 0;
        for (; i <= codes.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            // By hand: TensorPrimitives converts bytes to floats one by one.
            var (lower, upper) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)i));
            Store(lower, scale, ref to, i);
            Store(upper, scale, ref to, i + Vector128<short>.Count);
        }

        for (; i < codes.Length; i++)
        {
            vector[i] = codes[i] * scale;
        }
    }

    private static void Store(Vector128<short> codes, float scale, ref float to, int at)
    {
        var (lower, upper) = Vector128.Widen(codes);
        (Vector128.ConvertToSingle(lower) * scale).StoreUnsafe(ref to, (nuint)at);
        (Vector128.ConvertToSingle(upper) * scale).StoreUnsafe(ref to, (nuint)at + 4);
    }
}
