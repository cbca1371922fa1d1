using CsCheck;

namespace Strata.Numerics.Tests;

public sealed class VectorMathTests
{
    private static readonly Gen<float[]> Vectors = Gen.Float[-3, 3].Array[0, 100];

    [Fact]
    public void Dot_BothWidths_GiveTheSameBits() => Vectors.Sample(vector =>
    {
        var other = vector.Reverse().ToArray();

        Assert.Equal(VectorMath.DotWide(vector, other), VectorMath.DotNarrow(vector, other));
        Assert.Equal(vector.Zip(other, (a, b) => (double)a * b).Sum(), VectorMath.Dot(vector, other), 1e-3);
    });

    [Fact]
    public void TryNormalize_AnyVector_GivesUnitLengthOrLeavesItAlone() => Vectors.Sample(vector =>
    {
        var copy = vector.ToArray();

        if (VectorMath.TryNormalize(copy))
        {
            Assert.Equal(1, copy.Sum(x => (double)x * x), 1e-5);
        }
        else
        {
            Assert.Equal(vector, copy);
        }
    });

    [Fact]
    public void TryNormalize_SquareWithoutDigits_LeavesTheVectorAlone()
    {
        float[] vector = [-2.666e-23f, 0, 0];

        Assert.False(VectorMath.TryNormalize(vector));
        Assert.Equal([-2.666e-23f, 0, 0], vector);
    }

    [Fact]
    public void TryCentre_VectorEqualToTheMean_SaysThatNothingIsLeft()
    {
        float[] vector = [.6f, .8f];

        Assert.False(VectorMath.TryCentre(vector, [.6f, .8f]));
    }
}
