using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Tests.Scoring;
using Strata.RankingModel;
using Strata.ServiceDefaults.State;

namespace Strata.Ranking.Tests.Serving;

[Trait("height", "harness")]
public sealed class RankingServiceTests : IDisposable
{
    private readonly ServiceWorld _services = new(Shop());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Recommend_KnownUser_ServesAndLogsTheSlateInOneRoundTrip()
    {
        _services.Put("u", World.Profile("i3", "i6"));
        _services.World.Policies.Current = RankingPolicy.From(ScorerTests.Learned(steps: 1000));

        var response = await _services.Recommend(new RecommendRequest { UserId = "u" });

        Assert.Equal(1, _services.Store.Reads);
        Assert.Equal(10, response.Items.Count);
        Assert.Empty(response.Degraded);
        Assert.Equal((2ul, 7ul), (response.LayerSetVersion, response.PolicyVersion));
        Assert.DoesNotContain(response.Items, item => item.ItemId is "i3" or "i6");
        Assert.All(
            response.Items, item => Assert.True(item.Propensity is > 0 and <= 1 && item.Reason.Text.Length > 0 && item.Layer.LayerId > 0));
        var impression = Assert.Single(_services.Log.Impressions);
        Assert.Equal(response.RequestId, impression.RequestId);
        Assert.Equal(response.Items.Select(item => item.ItemId), impression.Shown.Select(shown => shown.ItemId));
        Assert.Equal(impression.Shown.Count * FeatureSchema.Count * 2, impression.Features.Length);
        Assert.Equal((2u, FeatureSchema.Version), (impression.Context, impression.Schema));
    }

    [Fact]
    public async Task Recommend_DryRun_ExploresNothingAndLogsNothing()
    {
        var first = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true });
        var second = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true });

        Assert.Empty(_services.Log.Impressions);
        Assert.All(first.Items, item => Assert.Equal(1, item.Propensity));
        Assert.Equal(first.Items.Select(item => item.ItemId), second.Items.Select(item => item.ItemId));
    }

    [Theory]
    [InlineData("GET", null, 0)]
    [InlineData("GET", true, 1)]
    [InlineData("POST", null, 1)]
    [InlineData("POST", false, 0)]
    public async Task Recommend_OverHttp_LogsAnImpressionUnlessACrawlerMayHaveAsked(string method, bool? log, int impressions)
    {
        var request = new RecommendRequest { UserId = "u" };
        if (log is { } said)
        {
            request.LogImpression = said;
        }

        await _services.Recommend(request, method);

        Assert.Equal(impressions, _services.Log.Impressions.Count);
    }

    [Fact]
    public async Task Recommend_ItemCreatedAfterTheNewestEvent_CanBeRecommendedAtOnce()
    {
        _services.World.Item("new", [1, 0, 0], createdMs: World.NowMs + World.DayMs, terms: "candi").Published();
        var request = new RecommendRequest { UserId = "u", DryRun = true, Count = 50 };

        Assert.DoesNotContain((await _services.Recommend(request)).Items, item => item.ItemId == "new");

        _services.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Contains((await _services.Recommend(request)).Items, item => item.ItemId == "new");
        var explained = await _services.Ranking.Explain(new ExplainRequest { UserId = "u", ItemId = "new" }, new ServiceWorld.Call());
        Assert.Equal("new", explained.Item.ItemId);
    }

    [Fact]
    public async Task Recommend_SilentStore_AnswersWithTheColdStart()
    {
        _services.Store.Silent = true;
        var call = _services.Recommend(new RecommendRequest { UserId = "u" });
        Assert.False(call.IsCompleted);

        _services.Clock.Advance(TimeSpan.FromMilliseconds(100));
        var response = await call;

        Assert.Equal(["store-timeout"], response.Degraded);
        Assert.Equal(10, response.Items.Count);
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("layers")]
    [InlineData("control")]
    public async Task Answer_ThatNeedsTheUser_WaitsForTheStoreAndThenSaysSo(string method)
    {
        _services.Store.Silent = true;
        var context = new ServiceWorld.Call();
        Task call = method switch
        {
            "explain" => _services.Ranking.Explain(new ExplainRequest { UserId = "u", ItemId = "i0" }, context),
            "layers" => _services.Layers.GetUserLayers(new GetUserLayersRequest { UserId = "u" }, context),
            _ => _services.Layers.ControlUserLayer(
                new ControlUserLayerRequest { UserId = "u", LayerId = 1, Action = LayerAction.Pin }, context),
        };

        _services.Clock.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.False(call.IsCompleted);
        _services.Clock.Advance(TimeSpan.FromMilliseconds(1));

        var fault = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal(StatusCode.Unavailable, fault.StatusCode);
    }

    [Fact]
    public async Task Recommend_StrangerWithoutAnything_StillGetsASlate()
    {
        using var bare = new ServiceWorld(new World().Item("only").Published());

        var response = await bare.Recommend(new RecommendRequest { UserId = "u" });

        Assert.Equal("only", Assert.Single(response.Items).ItemId);
        Assert.Equal(["no-profile", "no-layers"], response.Degraded);
    }

    [Fact]
    public async Task Recommend_EmptyCatalogue_SaysSo()
    {
        using var empty = new ServiceWorld(new World().Published());

        var response = await empty.Recommend(new RecommendRequest { UserId = "u" });

        Assert.Empty(response.Items);
        Assert.Contains("no-items", response.Degraded);
        Assert.Empty(empty.Log.Impressions);
    }

    [Fact]
    public async Task Recommend_AsOfEventThatComesLater_WaitsForIt()
    {
        var token = new AsOfToken(2, 41, 0xabc);
        _services.Put("u", World.Profile("i3"), new Fence(0xabc, 41));
        _services.Store.OnRead = read =>
        {
            if (read == 3)
            {
                _services.Put("u", World.Profile("i0", "i3"), new Fence(0xabc, 42));
            }
        };

        var call = _services.Recommend(new RecommendRequest { UserId = "u", AsOf = token.ToString() });
        while (!call.IsCompleted)
        {
            _services.Clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        var response = await call;
        Assert.Equal(3, _services.Store.Reads);
        Assert.DoesNotContain(response.Items, item => item.ItemId == "i0");
    }

    [Theory]
    [InlineData(0xabcul)]
    [InlineData(0xdeful)]
    public async Task Recommend_AsOfEventThatNeverComes_EndsWithDeadlineExceeded(ulong log)
    {
        // Not absorbed yet, and absorbed much more of another log.
        _services.Put("u", World.Profile("i3"), new Fence(0xabc, log == 0xabc ? 41 : 1000));

        var call = _services.Recommend(new RecommendRequest { UserId = "u", AsOf = new AsOfToken(2, 41, log).ToString() });
        while (!call.IsCompleted)
        {
            _services.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        var fault = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal(StatusCode.DeadlineExceeded, fault.StatusCode);
    }

    [Fact]
    public async Task Recommend_WrongFields_NamesThemAllAtOnce()
    {
        var request = new RecommendRequest { UserId = "", Count = 101, AsOf = "yesterday" };
        request.ExcludeItemIds.AddRange(Enumerable.Range(0, 201).Select(i => $"x{i}"));

        var fault = await Assert.ThrowsAsync<InvalidRequestException>(() => _services.Recommend(request));

        Assert.Equal(["user_id", "count", "exclude_item_ids", "as_of"], fault.Violations.Select(violation => violation.Field));
        Assert.Equal(StatusCode.InvalidArgument, fault.Code);
    }

    [Fact]
    public async Task Explain_Candidate_HasAllContributionsAndTheSlatesScore()
    {
        _services.Put("u", World.Profile("i3", "i6"));
        _services.World.Policies.Current = RankingPolicy.From(ScorerTests.Learned(steps: 1000));
        var slate = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true });

        var response = await _services.Ranking.Explain(
            new ExplainRequest { UserId = "u", ItemId = slate.Items[0].ItemId }, new ServiceWorld.Call());

        Assert.Equal(0, response.Rank);
        Assert.Equal(FeatureSchema.Names, response.Contributions.Select(part => part.Feature));
        Assert.Equal(response.Item.Score, response.Contributions.Aggregate(0.0, (sum, part) => sum + part.Value));
        Assert.Equal(slate.Items[0].Score, response.Item.Score);
    }

    [Fact]
    public async Task Explain_OwnItem_IsNoCandidateButExplained()
    {
        _services.Put("u", World.Profile("i3"));

        var response = await _services.Ranking.Explain(new ExplainRequest { UserId = "u", ItemId = "i3" }, new ServiceWorld.Call());

        Assert.Equal((-1, "i3"), (response.Rank, response.Item.ItemId));
    }

    [Fact]
    public async Task Explain_UnknownItem_IsNotFound()
    {
        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _services.Ranking.Explain(new ExplainRequest { UserId = "u", ItemId = "nothing" }, new ServiceWorld.Call()));

        Assert.Equal(StatusCode.NotFound, fault.StatusCode);
    }

    internal static World Shop()
    {
        var world = new World();
        for (var i = 0; i < 40; i++)
        {
            float[] vector = [i % 3 == 0 ? 1 : 0.1f, i % 3 == 1 ? 1 : 0.1f, i % 3 == 2 ? 1 : 0.1f];
            world.Item($"i{i}", vector, title: $"Candies {i}", terms: "candi").With(World.Activity($"i{i}", popularity: 40 - i));
        }

        return world.With(World.LayerSet(2, [], (1, [1, 0, 0], 5), (2, [0, 1, 0], 3), (3, [0, 0, 1], 2))).Published();
    }
}
