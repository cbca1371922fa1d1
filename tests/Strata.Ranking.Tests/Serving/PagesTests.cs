using Strata.Contracts.Ranking.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Tests.Serving;

[Trait("height", "harness")]
public sealed class PagesTests : IDisposable
{
    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Recommend_PageAfterPage_HasEveryItemOnceAndEnds()
    {
        var request = new RecommendRequest { UserId = "u", Count = 15, DryRun = true };
        var pages = new List<RecommendResponse>();
        do
        {
            pages.Add(await _services.Recommend(request));
            request.PageToken = pages[^1].NextPageToken;
        }
        while (request.PageToken.Length > 0 && pages.Count < 10);

        Assert.Equal([15, 15, 10, 0], pages.Select(page => page.Items.Count));
        Assert.Equal(40, pages.SelectMany(page => page.Items).Select(item => item.ItemId).Distinct().Count());
        Assert.Contains("no-items", pages[^1].Degraded);
        Assert.Equal([0u, 1u], pages[1].Items.Take(2).Select(item => item.Position));
    }

    [Fact]
    public async Task ExplainNot_ItemOfThePageBefore_IsFiltered()
    {
        var slate = new RecommendRequest { UserId = "u", DryRun = true };
        var first = await _services.Recommend(slate);
        slate.PageToken = first.NextPageToken;

        var answer = await _services.Ranking.ExplainNot(
            new ExplainNotRequest { UserId = "u", ItemId = first.Items[0].ItemId, Slate = slate }, new ServiceWorld.Call());

        Assert.Equal(ExplainNotResponse.Types.Obstacle.Filtered, answer.Obstacle);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("AQ==x")]
    [InlineData("AgAAAAAAAAAA")]
    public async Task Recommend_NoToken_IsRefused(string token)
    {
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _services.Recommend(new RecommendRequest { UserId = "u", PageToken = token }));

        Assert.Equal("page_token", Assert.Single(fault.Violations).Field);
    }

    [Fact]
    public void After_MoreThanFiveHundredItems_IsNoToken()
    {
        string[] ids = [.. Enumerable.Range(0, PageToken.MostItems).Select(i => $"i{i}")];
        var token = PageToken.After(null, ids);

        Assert.True(PageToken.TryParse(token, out var items));
        Assert.Equal(PageToken.MostItems, items.Count);
        Assert.Empty(PageToken.After(items, ["one more"]));
        Assert.Empty(PageToken.After(null, []));
    }
}
