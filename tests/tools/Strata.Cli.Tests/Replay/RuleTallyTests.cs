using Strata.Cli.Replay;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Cli.Tests.Replay;

[Trait("height", "unit")]
public sealed class RuleTallyTests
{
    [Fact]
    public void Of_Answers_CountsWhatEachRuleDidInTheirOrder()
    {
        var (touched, refused) = (new Dictionary<string, long>(), new Dictionary<string, long>());
        foreach (var answer in new[]
        {
            Accepted("unicode", "numbers"), Accepted("numbers"), Accepted("bots"), Accepted("repeats"), Accepted("repeats"),
            Rejected("numbers"), Rejected("catalogue"), Rejected(""), Accepted("new rule"),
        })
        {
            RuleTally.Count(answer, touched, refused);
        }

        var tallies = RuleTally.Of(touched, refused);

        Assert.Equal(
            [
                "unicode", "fields", "times", "defaults", "numbers", "languages", "rates", "catalogue", "bots", "repeats", "new rule",
            ],
            tallies.Select(tally => tally.Rule));
        Assert.Equal(new RuleTally("numbers", 2, 0, 0, 1), tallies.Single(tally => tally.Rule == "numbers"));
        Assert.Equal(new RuleTally("bots", 0, 1, 0, 0), tallies.Single(tally => tally.Rule == "bots"));
        Assert.Equal(new RuleTally("repeats", 0, 0, 2, 0), tallies.Single(tally => tally.Rule == "repeats"));
        Assert.Equal(1, tallies.Single(tally => tally.Rule == "catalogue").Refused);
    }

    private static PublishEventsResponse Accepted(params string[] rules)
        => new() { Accepted = new PublishEventResponse { Rules = { rules } } };

    private static PublishEventsResponse Rejected(string rule) => new() { Rejected = new Rejection { Rule = rule } };
}
