using Strata.Contracts;

namespace Strata.Ranking.Tests.Serving;

[Trait("height", "unit")]
public sealed class AsOfTokenTests
{
    [Fact]
    public void ToString_AnyToken_ParsesBack()
    {
        var token = new AsOfToken(11, 1_234_567_890_123, 0x0f00_0000_0000_00ff);

        Assert.Equal("v1:11:1234567890123:0f000000000000ff", token.ToString());
        Assert.True(AsOfToken.TryParse(token.ToString(), out var parsed));
        Assert.Equal(token, parsed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v2:1:2:0000000000000003")]
    [InlineData("v1:1:2")]
    [InlineData("v1:-1:2:0000000000000003")]
    [InlineData("v1:1:2:3")]
    [InlineData("v1:1:x:0000000000000003")]
    [InlineData("v1:1:2:000000000000000g")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(AsOfToken.TryParse(text, out _));
}
