using CsCheck;

namespace Strata.Numerics.Tests;

[Trait("height", "unit")]
public sealed class FixedPointTests
{
    [Fact]
    public void Add_AnyLength_AddsEveryComponentRounded() => Gen.Float[-1, 1].Array[0, 70].Sample(vector =>
    {
        var sums = Enumerable.Range(0, vector.Length).Select(i => (long)i << 40).ToArray();

        FixedPoint.Add(sums, vector);

        for (var i = 0; i < vector.Length; i++)
        {
            Assert.Equal(((long)i << 40) + (long)Math.Round((double)vector[i] * (1L << 30)), sums[i]);
        }
    });

    [Fact]
    public void Add_InAnyOrder_GivesTheSameSums() => Gen.Float[-1, 1].Array[20].Array[1, 30].Sample(vectors =>
    {
        var forward = new long[20];
        var backward = new long[20];

        foreach (var vector in vectors)
        {
            FixedPoint.Add(forward, vector);
        }

        foreach (var vector in vectors.Reverse())
        {
            FixedPoint.Add(backward, vector);
        }

        Assert.Equal(forward, backward);
    });

    [Fact]
    public void MultiplyAdd_AnyLength_GivesTheBitsOfOneComponentAfterAnother()
        => Gen.Select(Gen.Double[-1e6, 1e6], Gen.Long).Array[0, 40].Select(Gen.Double[0, 1]).Sample((pairs, factor) =>
    {
        var sum = new double[pairs.Length];

        FixedPoint.MultiplyAdd([.. pairs.Select(pair => pair.Item1)], factor, [.. pairs.Select(pair => pair.Item2)], sum);

        Assert.Equal(pairs.Select(pair => (factor * pair.Item1) + FixedPoint.ToDouble(pair.Item2)), sum);
    });

    [Fact]
    public void ToDouble_OfFrom_IsTheNumber()
        => Gen.Float[-1, 1].Sample(value => Assert.Equal(value, FixedPoint.ToDouble(FixedPoint.From(value)), 1e-9));
}
