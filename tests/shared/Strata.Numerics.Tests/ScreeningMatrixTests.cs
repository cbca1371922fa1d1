using CsCheck;

namespace Strata.Numerics.Tests;

[Trait("height", "unit")]
public sealed class ScreeningMatrixTests
{
    private static readonly Gen<(int Rows, int Vectors, int Dimensions, float Size, int Seed)> Shapes =
        Gen.Select(
            Gen.Int[1, 50],
            Gen.Int[0, 13],
            Gen.Int[1, 140],
            Gen.OneOf(new[] { 1e-34f, 1e-8f, .05f, 1f, 300f }.Select(Gen.Const).ToArray()),
            Gen.Int);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bound_AnyShape_IsExceededByNoProduct(bool coded)
    {
        Assert.SkipWhen(coded && !System.Runtime.Intrinsics.X86.Avx2.IsSupported, "no AVX2: bounds come from floats here");
        Shapes.Sample(shape =>
        {
            var random = new Random(shape.Seed);
            var rows = Spiky(random, shape.Rows * shape.Dimensions, shape.Size);
            var vectors = Spiky(random, shape.Vectors * shape.Dimensions, 1);
            var matrix = new ScreeningMatrix(rows, shape.Dimensions, coded);
            var bounds = new float[(shape.Vectors + ScreeningMatrix.Rows) * matrix.Stride];

            matrix.Bound(vectors, bounds);

            for (var i = 0; i < shape.Vectors; i++)
            {
                for (var j = 0; j < shape.Rows; j++)
                {
                    var product = VectorMath.Dot(
                        vectors.AsSpan(i * shape.Dimensions, shape.Dimensions), rows.AsSpan(j * shape.Dimensions, shape.Dimensions));
                    Assert.InRange(product, float.NegativeInfinity, bounds[(i * matrix.Stride) + j]);
                }
            }
        });
    }

    [Theory]
    [InlineData(true, .05f)]
    [InlineData(false, 1e-3f)]
    public void Bound_UnitVectors_IsNotFarAway(bool coded, float most)
    {
        Assert.SkipWhen(coded && !System.Runtime.Intrinsics.X86.Avx2.IsSupported, "no AVX2: bounds come from floats here");
        var random = new Random(1);
        var (rows, vectors) = (Units(random, 100), Units(random, 20));
        var matrix = new ScreeningMatrix(rows, 384, coded);
        var bounds = new float[20 * matrix.Stride];

        matrix.Bound(vectors, bounds);

        for (var i = 0; i < 2000; i++)
        {
            var (vector, row) = (i / 100, i % 100);
            Assert.InRange(
                bounds[(vector * matrix.Stride) + row] - VectorMath.Dot(vectors.AsSpan(vector * 384, 384), rows.AsSpan(row * 384, 384)),
                1e-7f,
                most);
        }
    }

    [Fact]
    public void Dots_AnyRows_AreTheBitsOfDot() => Gen.Select(Gen.Int[1, 70], Gen.Int[0, 11], Gen.Int).Sample((dimensions, count, seed) =>
    {
        var random = new Random(seed);
        var matrix = Spiky(random, 9 * dimensions, 1);
        var vector = Spiky(random, dimensions, 1);
        var rows = Enumerable.Range(0, count).Select(_ => random.Next(9)).ToArray();
        var products = new float[count];

        VectorMath.Dots(vector, matrix, rows, products);

        Assert.Equal(rows.Select(row => VectorMath.Dot(vector, matrix.AsSpan(row * dimensions, dimensions))), products);
    });

    private static float[] Units(Random random, int count)
    {
        var units = Enumerable.Range(0, count * 384).Select(_ => random.NextSingle() - random.NextSingle()).ToArray();
        for (var i = 0; i < count; i++)
        {
            Assert.True(VectorMath.TryNormalize(units.AsSpan(i * 384, 384)));
        }

        return units;
    }

    /// <summary>Mostly small values, some zero, some much larger.</summary>
    private static float[] Spiky(Random random, int count, float size)
        =>
        [
            .. Enumerable.Range(0, count).Select(
                _ => size * (random.NextSingle() - .5f) * random.Next(12) switch { 0 => 0, 1 => 40, _ => 1 }),
        ];
}
