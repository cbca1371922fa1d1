namespace Strata.Numerics.Tests;

[Trait("height", "unit")]
public sealed class Int8ProductsTests
{
    [Theory]
    [InlineData(1, 384)]
    [InlineData(4, 384)]
    [InlineData(7, 384)]
    [InlineData(9, 19)]
    [InlineData(5, 3)]
    [InlineData(2, 768)]
    [InlineData(0, 16)]
    public void Multiply_AnyShape_IsTheSumOfProducts(int count, int dimensions)
    {
        var random = new Random(count + dimensions);
        sbyte[] rows = [.. Enumerable.Range(0, count * dimensions).Select(_ => (sbyte)random.Next(-128, 128))];
        var (first, second) = (Codes(random, dimensions), Codes(random, dimensions));
        var (firsts, seconds) = (new int[count], new int[count]);

        Int8Products.Multiply(rows, first, second, firsts, seconds);

        for (var row = 0; row < count; row++)
        {
            Assert.Equal(Enumerable.Range(0, dimensions).Sum(i => rows[(row * dimensions) + i] * first[i]), firsts[row]);
            Assert.Equal(Enumerable.Range(0, dimensions).Sum(i => rows[(row * dimensions) + i] * second[i]), seconds[row]);
        }
    }

    [Theory]
    [InlineData(384)]
    [InlineData(4096)]
    public void Multiply_GreatestCodes_DoNotOverflow(int dimensions)
    {
        var codes = new short[dimensions];
        Int8Products.Encode(Enumerable.Repeat(-1f, dimensions).ToArray(), codes);
        var (products, others) = (new int[1], new int[1]);

        Int8Products.Multiply(Enumerable.Repeat(sbyte.MinValue, dimensions).ToArray(), codes, codes, products, others);

        Assert.Equal(dimensions * -128L * codes[0], products[0]);
    }

    [Fact]
    public void Encode_Vector_IsWithinHalfAStep()
    {
        float[] vector = [.1f, -.3f, .29999f, 0];
        var codes = new short[4];

        var step = Int8Products.Encode(vector, codes);

        Assert.Equal(.3f / short.MaxValue, step, 1e-9f);
        Assert.All(vector.Zip(codes), pair => Assert.InRange(pair.First - (pair.Second * step), -.501f * step, .501f * step));
    }

    [Fact]
    public void Encode_Nothing_IsZero()
    {
        var codes = new short[] { 7, 7 };

        Int8Products.Encode([0, 0], codes);

        Assert.Equal([0, 0], codes);
    }

    private static short[] Codes(Random random, int dimensions)
    {
        var codes = new short[dimensions];
        Int8Products.Encode([.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle() - .5f)], codes);
        return codes;
    }
}
