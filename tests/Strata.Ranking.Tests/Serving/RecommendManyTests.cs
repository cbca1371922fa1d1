using Grpc.Core;
using Strata.Contracts.Ranking.V1;
using Strata.Edge.Requests;

namespace Strata.Ranking.Tests.Serving;

[Trait("height", "harness")]
public sealed class RecommendManyTests : IDisposable
{
    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task RecommendMany_Users_GetTheirOwnSlatesInTheirOrderAndNothingIsLogged()
    {
        _services.Put("u1", World.Profile("i3", "i6"));
        string[] users = [.. Enumerable.Range(0, 40).Select(i => $"u{i}")];
        var own = await _services.Recommend(new RecommendRequest { UserId = "u1", Count = 5, DryRun = true });

        var answers = await Many(new RecommendManyRequest { UserIds = { users }, Slate = new RecommendRequest { Count = 5 } });

        Assert.Equal(users, answers.Select(answer => answer.UserId));
        Assert.Equal(own.Items, answers[1].Slate.Items);
        Assert.All(answers, answer => Assert.Equal(5, answer.Slate.Items.Count));
        Assert.Empty(_services.Log.Impressions);
    }

    [Fact]
    public async Task RecommendMany_ThatSaysSo_LogsEachUsersImpression()
    {
        var slate = new RecommendRequest { LogImpression = true, Placement = "mail" };

        await Many(new RecommendManyRequest { UserIds = { "a", "b" }, Slate = slate });

        Assert.Equal(
            [("a", "mail"), ("b", "mail")],
            _services.Log.Impressions.Select(impression => (impression.UserId, impression.Placement)).Order());
    }

    [Fact]
    public async Task RecommendMany_WrongFields_AreNamed()
    {
        var none = await Assert.ThrowsAsync<InvalidRequestException>(() => Many(new RecommendManyRequest()));
        var wrong = await Assert.ThrowsAsync<InvalidRequestException>(() => Many(new RecommendManyRequest
        {
            UserIds = { "a", "" },
            Slate = new RecommendRequest { UserId = "a", AsOf = "x", Count = 101 },
        }));
        var many = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Many(new RecommendManyRequest { UserIds = { Enumerable.Repeat("a", 1001) } }));

        Assert.Equal("user_ids", Assert.Single(none.Violations).Field);
        Assert.Equal(
            ["user_ids[1]", "slate.user_id", "slate.count", "slate.as_of"], wrong.Violations.Select(violation => violation.Field));
        Assert.Equal("user_ids", Assert.Single(many.Violations).Field);
    }

    private async Task<List<RecommendManyResponse>> Many(RecommendManyRequest request)
    {
        var stream = new Stream();
        await _services.Ranking.RecommendMany(request, stream, new ServiceWorld.Call());
        return stream.Answers;
    }

    private sealed class Stream : IServerStreamWriter<RecommendManyResponse>
    {
        public List<RecommendManyResponse> Answers { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(RecommendManyResponse message)
        {
            Answers.Add(message);
            return Task.CompletedTask;
        }

        public Task WriteAsync(RecommendManyResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
