using System.Numerics.Tensors;

namespace Strata.Numerics;

/// <summary>Operations on dense vectors of floats. SIMD by System.Numerics.Tensors.</summary>
public static class VectorMath
{
    /// <summary>Inner product of two vectors of equal length.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.Dot(a, b);

    /// <summary>Scales <paramref name="vector"/> to unit length in place; false (and unchanged) when its length is zero or not finite.</summary>
    public static bool TryNormalize(Span<float> vector)
    {
        var norm = TensorPrimitives.Norm<float>(vector);
        if (!(norm > 0) || !float.IsFinite(norm))
        {
            return false;
        }

        TensorPrimitives.Divide(vector, norm, vector);
        return true;
    }

    /// <summary>Adds <paramref name="scale"/> · <paramref name="vector"/> to <paramref name="sum"/>.</summary>
    public static void AddScaled(Span<float> sum, ReadOnlySpan<float> vector, float scale) => TensorPrimitives.MultiplyAdd(vector, scale, sum, sum);

    /// <summary>Subtracts <paramref name="mean"/> from <paramref name="vector"/> in place and scales the rest to unit length; false when nothing remains.</summary>
    public static bool TryCentre(Span<float> vector, ReadOnlySpan<float> mean)
    {
        TensorPrimitives.Subtract(vector, mean, vector);
        return TryNormalize(vector);
    }
}
