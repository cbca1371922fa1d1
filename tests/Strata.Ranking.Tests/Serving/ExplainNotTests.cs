using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Edge.Requests;
using Obstacle = Strata.Contracts.Ranking.V1.ExplainNotResponse.Types.Obstacle;

namespace Strata.Ranking.Tests.Serving;

[Trait("height", "harness")]
public sealed class ExplainNotTests : IDisposable
{
    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());

    public ExplainNotTests()
    {
        var profile = World.Profile("i3");
        profile.Items.Add(new ProfileItem { ItemId = "i6", LastUnixMs = 1, Kinds = 1u << (int)EventKind.Dismiss });
        profile.Items.Add(new ProfileItem { ItemId = "blue", LastUnixMs = World.NowMs - 1, Kinds = 1u << (int)EventKind.Purchase });
        profile.Controls.Add(new LayerControl { LayerId = 2, Action = LayerAction.Mute });
        _services.Put("u", profile);
        _services.World.Catalogue.Put(new ItemFeatures { ItemId = "hidden", Title = "Hidden", Hidden = true });
        _services.World.Item("later", createdMs: World.NowMs + World.DayMs)
            .Variant("red", "shirt", [1, 0, 0]).Variant("blue", "shirt", [1, 0, 0]).Published();
    }

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("unknown", Obstacle.NotAlive)]
    [InlineData("hidden", Obstacle.Hidden)]
    [InlineData("later", Obstacle.Announced)]
    [InlineData("i3", Obstacle.Had)]
    [InlineData("i6", Obstacle.Dismissed)]
    [InlineData("i1", Obstacle.Muted)]
    [InlineData("i9", Obstacle.Excluded)]
    [InlineData("red", Obstacle.Variant)]
    [InlineData("i5", Obstacle.Filtered)]
    [InlineData("i0", Obstacle.None)]
    [InlineData("i39", Obstacle.Outranked)]
    public async Task ExplainNot_EachObstacle_IsNamed(string item, Obstacle obstacle)
    {
        var answer = await Ask(item);

        Assert.Equal(obstacle, answer.Obstacle);
        Assert.NotEmpty(answer.Text);
        Assert.Equal(obstacle is Obstacle.NotAlive or Obstacle.Hidden or Obstacle.Announced, answer.Item is null);
        Assert.Equal(obstacle is Obstacle.None or Obstacle.Outranked, answer.Rank >= 0);
    }

    [Fact]
    public async Task ExplainNot_Outranked_SaysByHowMuchItIsBehindTheLastOfTheSameSlate()
    {
        var slate = await _services.Recommend(new RecommendRequest
        {
            UserId = "u",
            DryRun = true,
            Count = 5,
            ExcludeItemIds = { "i9" },
            Filter = new ItemFilter { AvoidLayerIds = { 3 } },
        });

        var answer = await Ask("i39");

        Assert.Equal(slate.Items[^1].ItemId, answer.Last.ItemId);
        Assert.Equal(answer.Item.Score - answer.Last.Score, answer.Behind, 1e-9);
        Assert.True(answer.Behind < 0 && answer.Rank >= 5, $"{answer.Behind} at {answer.Rank}");
        Assert.Contains($"number {answer.Rank + 1}", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainNot_BehindForFatigueAlone_SaysHowOftenItWasShown()
    {
        var request = new RecommendRequest { UserId = "u", DryRun = true, Count = 1, Filter = new ItemFilter { AvoidLayerIds = { 3 } } };
        var first = (await _services.Recommend(request)).Items[0].ItemId;
        _services.PutOutcomes("u", World.PassedOver((first, 40)));

        var answer = await _services.Ranking.ExplainNot(
            new ExplainNotRequest { UserId = "u", ItemId = first, Slate = request }, new ServiceWorld.Call());

        Assert.Equal(Obstacle.Outranked, answer.Obstacle);
        Assert.Equal($"It is number {answer.Rank + 1} by score: it was shown 40 times and not chosen", answer.Text);
        Assert.Contains(answer.Item.Reason.Contributions, part => part.Feature == "fatigue" && part.Value <= answer.Behind);

        _services.PutOutcomes("u", World.PassedOver());
        Assert.Equal(first, (await _services.Recommend(request)).Items[0].ItemId);
    }

    [Fact]
    public async Task ExplainNot_AnotherUsersSlate_IsRefused()
    {
        var request = new ExplainNotRequest { UserId = "u", ItemId = "i0", Slate = new RecommendRequest { UserId = "v", Count = 101 } };

        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _services.Ranking.ExplainNot(request, new ServiceWorld.Call()));

        Assert.Equal(["slate.user_id", "slate.count"], fault.Violations.Select(violation => violation.Field));
    }

    private Task<ExplainNotResponse> Ask(string item) => _services.Ranking.ExplainNot(
        new ExplainNotRequest
        {
            UserId = "u",
            ItemId = item,
            Slate = new RecommendRequest { Count = 5, ExcludeItemIds = { "i9" }, Filter = new ItemFilter { AvoidLayerIds = { 3 } } },
        },
        new ServiceWorld.Call());
}
