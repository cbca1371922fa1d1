using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Strata.RankingModel;

/// <summary>
/// Raw feature values as training examples carry them: IEEE half floats, little endian (three significant digits; values beyond ±65504 are
/// cut there).
/// </summary>
public static class FeatureBytes
{
    private const float Largest = 65504;

    /// <summary>Encodes values; NaN stays NaN, so that the reader can refuse it.</summary>
    public static byte[] Encode(ReadOnlySpan<float> values)
    {
        var cut = new float[values.Length];
        TensorPrimitives.Clamp(values, -Largest, Largest, cut);
        var bytes = new byte[values.Length * 2];
        TensorPrimitives.ConvertToHalf(cut, MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()));
        return bytes;
    }

    /// <summary>
    /// Decodes as many values as <paramref name="values"/> holds; false when the number of bytes is another one or a value is not finite.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (bytes.Length != values.Length * 2)
        {
            return false;
        }

        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
        return TensorPrimitives.IsFiniteAll<float>(values);
    }
}
