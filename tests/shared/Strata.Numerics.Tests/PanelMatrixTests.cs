using CsCheck;

namespace Strata.Numerics.Tests;

[Trait("height", "unit")]
public sealed class PanelMatrixTests
{
    private static readonly Gen<(int Rows, int Vectors, int Dimensions, int Seed)> Shapes =
        Gen.Select(Gen.Int[1, 80], Gen.Int[0, 21], Gen.Int[1, 70], Gen.Int);

    [Fact]
    public void Multiply_AnyShape_EqualsSequentialFusedSums() => Shapes.Sample(shape =>
    {
        var random = new Random(shape.Seed);
        var rows = Gaussian(random, shape.Rows * shape.Dimensions);
        var vectors = Gaussian(random, shape.Vectors * shape.Dimensions);
        var matrix = new PanelMatrix(rows, shape.Dimensions);
        var scores = new float[shape.Vectors * matrix.Stride];

        matrix.Multiply(vectors, scores);

        for (var i = 0; i < shape.Vectors; i++)
        {
            for (var j = 0; j < matrix.Stride; j++)
            {
                var expected = 0f;
                for (var k = 0; k < shape.Dimensions && j < shape.Rows; k++)
                {
                    expected = MathF.FusedMultiplyAdd(vectors[(i * shape.Dimensions) + k], rows[(j * shape.Dimensions) + k], expected);
                }

                Assert.Equal(expected, scores[(i * matrix.Stride) + j]);
            }
        }
    });

    [Fact]
    public void Multiply_BothWidths_GiveTheSameBits() => Shapes.Sample(shape =>
    {
        var random = new Random(shape.Seed);
        var matrix = new PanelMatrix(Gaussian(random, shape.Rows * shape.Dimensions), shape.Dimensions);
        var vectors = Gaussian(random, shape.Vectors * shape.Dimensions);
        var wide = new float[shape.Vectors * matrix.Stride];
        var narrow = new float[wide.Length];

        matrix.Multiply(vectors, wide, wide: true);
        matrix.Multiply(vectors, narrow, wide: false);

        Assert.Equal(wide, narrow);
    });

    private static float[] Gaussian(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
