using Strata.Contracts.Ranking.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Serving;

namespace Strata.Ranking.Tests.Serving;

/// <summary>Whoever Ingestion takes can be asked for, and nobody whom it refuses.</summary>
[Trait("height", "unit")]
public sealed class RequestRulesTests
{
    [Fact]
    public void Check_IdOf128Characters_IsTakenWhateverTheyAre()
        => RequestRules.Check(new RecommendRequest { UserId = string.Concat(Enumerable.Repeat("\U0001F600", 128)) });

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("..")]
    [InlineData("a\u0000b")]
    [InlineData("a\uFFFEb")]
    public void Check_IdThatIngestionRefuses_IsRefused(string id)
    {
        var fault = Assert.Throws<InvalidRequestException>(() => RequestRules.Check(new ExplainRequest { UserId = "u", ItemId = id }));

        Assert.Equal("item_id", fault.Violations.Single().Field);
    }
}
