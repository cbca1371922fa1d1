using CsCheck;

namespace Strata.Contracts.Tests;

[Trait("height", "unit")]
public sealed class AsOfTokenTests
{
    [Fact]
    public void TryParse_OwnText_IsTheSame()
        => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Long[0, long.MaxValue], Gen.ULong, (p, o, l) => new AsOfToken(p, o, l)).Sample(token =>
        {
            Assert.True(AsOfToken.TryParse(token.ToString(), out var parsed));
            Assert.Equal(token, parsed);
        });

    [Fact]
    public void ToString_Stays() => Assert.Equal("v1:3:41:00000000000003ff", new AsOfToken(3, 41, 1023).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3:41:00000000000003ff")]
    [InlineData("v1:3:41:3ff")]
    [InlineData("v1:-3:41:00000000000003ff")]
    [InlineData("v1:3:41:00000000000003fg")]
    [InlineData("v1:3:9999999999999999999:00000000000003ff")]
    [InlineData("v1:3:41:00000000000003ff:")]
    [InlineData("v2:3:41:00000000000003ff")]
    public void TryParse_OtherText_IsRefused(string? text) => Assert.False(AsOfToken.TryParse(text, out _));

    [Fact]
    public void TryParse_AnyText_DoesNotThrow() => Gen.String[Gen.Char["v1:0aF- "], 0, 40].Sample(text =>
        {
            _ = AsOfToken.TryParse(text, out _);
        });
}
