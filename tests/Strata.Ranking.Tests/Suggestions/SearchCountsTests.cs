using Strata.Ranking.Suggestions.Core;

namespace Strata.Ranking.Tests.Suggestions;

[Trait("height", "unit")]
public sealed class SearchCountsTests
{
    private readonly SearchCounts _counts = new(days: 7, most: 100);

    [Fact]
    public void Read_FewerUsersThanAsked_AreNotTold()
    {
        Search("red shoes", users: 5);
        Search("ann's new address", users: 4);
        for (var k = 0; k < 50; k++)
        {
            _counts.Add("ann's new address", 1, World.NowMs);
        }

        Assert.Equal([("red shoes", 5.0)], _counts.Read(5));
    }

    [Theory]
    [InlineData("  Red\t SHOES ", "red shoes")]
    [InlineData("Crème", "crème")]
    [InlineData("x", null)]
    [InlineData("ann@example.org", null)]
    [InlineData("call 0171234", null)]
    [InlineData("lamp 12345", "lamp 12345")]
    [InlineData("a query of more than sixty-four characters which nobody would choose", null)]
    public void Normalise_Query_IsAsItIsShown(string query, string? normal) => Assert.Equal(normal, SearchCounts.Normalise(query));

    [Fact]
    public void Read_ADayAfterTheWindow_CountsWhatCameSince()
    {
        Search("lamp", users: 6, World.NowMs - (7 * World.DayMs));
        Search("kettle", users: 6, World.NowMs - (6 * World.DayMs));
        Search("other", users: 1);
        _counts.Add("lamp", 99, World.NowMs - (7 * World.DayMs));

        Assert.Equal(["kettle"], _counts.Read(5).Select(query => query.Query));
        Assert.Equal(2, _counts.Count);
    }

    [Fact]
    public void Forget_AUser_TakesTheirSearchesOut()
    {
        Search("lamp", users: 5);
        Search("kettle", users: 6);
        _counts.Add("their own", 0, World.NowMs);

        _counts.Forget(new HashSet<uint> { 0 });

        Assert.Equal([("kettle", 5.0)], _counts.Read(5));
        Assert.Equal(2, _counts.Count);
    }

    [Fact]
    public void Add_MoreQueriesThanAreHeld_KeepsThoseOfManyUsers()
    {
        Search("of many", users: 3, World.NowMs - World.DayMs);
        for (uint k = 0; k < 1_000; k++)
        {
            _counts.Add($"of one {k}", k, World.NowMs);
        }

        Assert.InRange(_counts.Count, 70, 100);
        Assert.Equal(["of many"], _counts.Read(2).Select(query => query.Query));
    }

    private void Search(string query, int users, long timeMs = World.NowMs)
    {
        for (uint user = 0; user < users; user++)
        {
            _counts.Add(query, user, timeMs);
        }
    }
}
