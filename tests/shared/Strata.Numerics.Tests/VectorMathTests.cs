using CsCheck;

namespace Strata.Numerics.Tests;

[Trait("height", "unit")]
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
    public void TryNormalize_SumOfAnyLength_GivesTheBitsOfSixteenFixedLanes() => Gen.Double[-1e3, 1e3].Array[1, 70].Sample(sum =>
    {
        var lanes = new double[16];
        var whole = sum.Length / 16 * 16;
        for (var i = 0; i < whole; i++)
        {
            lanes[i % 16] += sum[i] * sum[i];
        }

        var four = Enumerable.Range(0, 4).Select(i => (lanes[i] + lanes[i + 8]) + (lanes[i + 4] + lanes[i + 12])).ToArray();
        var squares = sum[whole..].Aggregate((four[0] + four[2]) + (four[1] + four[3]), (total, x) => total + (x * x));
        var unit = new float[sum.Length];

        var norm = Math.Sqrt(squares);

        Assert.Equal(norm > 1e-6, VectorMath.TryNormalize(sum, unit, 1e-6));

        // The order of the squares hardly ever shows in a float.
        Assert.Equal(squares, VectorMath.Squares(sum));
        Assert.Equal(sum.Select(x => norm > 1e-6 ? (float)(x / norm) : 0), unit);
    });

    [Theory]
    [InlineData(1e-7)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void TryNormalize_SumWithoutDirection_LeavesTheUnitVectorAlone(double component)
    {
        float[] unit = [.6f, .8f];

        Assert.False(VectorMath.TryNormalize([component, 0], unit, 1e-6));
        Assert.Equal([.6f, .8f], unit);
    }

    [Fact]
    public void TryCentre_VectorEqualToTheMean_SaysThatNothingIsLeft()
    {
        float[] vector = [.6f, .8f];

        Assert.False(VectorMath.TryCentre(vector, [.6f, .8f]));
    }
}
