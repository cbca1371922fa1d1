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

    [Fact]
    public void Check_HundredsOfFaults_TellsWhatFitsIntoAClientsTrailers()
    {
        var filter = new ItemFilter();
        filter.Attributes.AddRange(Enumerable.Repeat(new AttributeFilter { AnyOf = { new string('é', 300) } }, 200));
        var request = new RecommendManyRequest { UserIds = { "u" }, Slate = new RecommendRequest { Filter = filter } };

        var fault = Assert.Throws<InvalidRequestException>(() => RequestRules.Check(request));

        // Percent-encoded, and as base64 with the message in it.
        var trailers = Uri.EscapeDataString(fault.Message).Length
            + ((fault.Message.Length + fault.Violations.Sum(told => told.ToString().Length)) * 4 / 3);
        Assert.InRange(trailers, 1, 8_192);
        Assert.Matches("; and [0-9]{3} more like these$", fault.Message);
        Assert.NotEmpty(fault.Violations);
    }
}
