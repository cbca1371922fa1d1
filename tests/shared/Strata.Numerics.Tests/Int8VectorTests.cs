using CsCheck;

namespace Strata.Numerics.Tests;

[Trait("height", "unit")]
public sealed class Int8VectorTests
{
    [Fact]
    public void Decode_OfEncode_StaysWithinHalfAStep() => Gen.Float[-1, 1].Array[1, 100].Sample(vector =>
    {
        var coded = Int8Vector.Encode(vector);
        var decoded = new float[coded.Dimensions];

        coded.Decode(decoded);

        for (var i = 0; i < vector.Length; i++)
        {
            Assert.InRange(decoded[i] - vector[i], -.501f * coded.Scale, .501f * coded.Scale);
        }
    });
}
