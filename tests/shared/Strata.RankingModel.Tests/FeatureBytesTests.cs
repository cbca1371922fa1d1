
namespace Strata.RankingModel.Tests;

[Trait("height", "unit")]
public sealed class FeatureBytesTests
{
    [Fact]
    public void TryDecode_WhatWasEncoded_IsEqualToThreeDigits()
    {
        float[] values = [0, 1, -12.34f, 0.001f, 65504, 3e38f, -3e38f];
        var decoded = new float[values.Length];

        var ok = FeatureBytes.TryDecode(FeatureBytes.Encode(values), decoded);

        Assert.True(ok);
        Assert.Equal(-12.34f, decoded[2], 0.01f);
        Assert.Equal(0.001f, decoded[3], 1e-6f);
        Assert.Equal([65504f, 65504f, -65504f], decoded[4..]);
    }

    [Fact]
    public void Encode_One_IsLittleEndianHalf() => Assert.Equal([0x00, 0x3c], FeatureBytes.Encode([1f]));

    [Fact]
    public void TryDecode_NotFinite_IsRefused() => Assert.False(FeatureBytes.TryDecode(FeatureBytes.Encode([float.NaN]), new float[1]));

    [Fact]
    public void TryDecode_AnotherLength_IsRefused() => Assert.False(FeatureBytes.TryDecode(new byte[3], new float[1]));
}
