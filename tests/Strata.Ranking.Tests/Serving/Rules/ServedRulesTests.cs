using System.Globalization;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Obstacle = Strata.Contracts.Ranking.V1.ExplainNotResponse.Types.Obstacle;

namespace Strata.Ranking.Tests.Serving.Rules;

/// <summary>Forty candies of falling popularity, of which the last four are new and every second one is bitter.</summary>
[Trait("height", "harness")]
public sealed class ServedRulesTests : IDisposable
{
    private readonly ServiceWorld _services;

    public ServedRulesTests()
    {
        var world = RankingServiceTests.Shop();
        foreach (var features in Enumerable.Range(0, 40).Select(i => world.View.Items.Features[world.View.IndexOf($"i{i}")]!.Clone()))
        {
            var number = int.Parse(features.ItemId[1..], CultureInfo.InvariantCulture);
            features.Tags.AddRange(number >= 36 ? ["new"] : []);
            features.Attributes["taste"] = number % 2 == 0 ? "sweet" : "bitter";
            world.Catalogue.Put(features);
        }

        world.Published();
        _services = new ServiceWorld(world, rules: RuleSettingsTests.Read(
        [
            new("Ranking:Rules:new:Action", "Pin"),
            new("Ranking:Rules:new:Places", "2"),
            new("Ranking:Rules:new:Placements:0", "home"),
            new("Ranking:Rules:new:Items:Tags:0", "new"),
            new("Ranking:Rules:late:Action", "Pin"),
            new("Ranking:Rules:late:Places", "9"),
            new("Ranking:Rules:late:Placements:0", "cart"),
            new("Ranking:Rules:late:Items:Attributes:taste:0", "sweet"),
            new("Ranking:Rules:all:Action", "Pin"),
            new("Ranking:Rules:all:Places", "2"),
            new("Ranking:Rules:all:Placements:0", "window"),
            new("Ranking:Rules:all:Items:Tags:0", "new"),
            new("Ranking:Rules:more:Action", "Pin"),
            new("Ranking:Rules:more:Places", "100"),
            new("Ranking:Rules:more:Placements:0", "window"),
            new("Ranking:Rules:more:Items:Tags:0", "nothing-has-it"),
            new("Ranking:Rules:sweet:Action", "Bury"),
            new("Ranking:Rules:sweet:Placements:0", "cart"),
            new("Ranking:Rules:sweet:Items:Attributes:taste:0", "sweet"),
            new("Ranking:Rules:bitter:Action", "Cap"),
            new("Ranking:Rules:bitter:Places", "3"),
            new("Ranking:Rules:bitter:Placements:0", "home"),
            new("Ranking:Rules:bitter:Items:Attributes:taste:0", "bitter"),
        ]));
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Recommend_Pin_FillsItsPlacesFirstAndIsNamed()
    {
        var slate = await Ask("home", 10);

        Assert.All(slate.Items.Take(2), item => Assert.Equal(
            (true, 1.0, "new"), (Number(item) >= 36, item.Propensity, Assert.Single(item.Rules))));
        Assert.All(slate.Items.Skip(2), item => Assert.Empty(item.Rules));
        Assert.All(slate.Items.Skip(2), item => Assert.True(Number(item) < 36, item.ItemId));
        Assert.Contains("new", slate.Rules);
    }

    [Fact]
    public async Task Recommend_Pin_StandsInTheImpression()
    {
        await _services.Recommend(new RecommendRequest { UserId = "u", Count = 4, Placement = "home" });

        Assert.Equal(["new", "new", "", ""], Assert.Single(_services.Log.Impressions).Shown.Select(shown => shown.Pin));
    }

    [Fact]
    public async Task Recommend_Cap_IsNeverPassedAndIsNamedOnceReached()
    {
        var ten = await Ask("home", 10);
        var all = await Ask("home", 100);

        Assert.Equal(3, ten.Items.Count(item => Number(item) % 2 == 1));
        Assert.Equal((23, 3), (all.Items.Count, all.Items.Count(item => Number(item) % 2 == 1)));
        Assert.All([ten, all], slate => Assert.Contains("bitter", slate.Rules));
    }

    [Fact]
    public async Task Recommend_Bury_ComesOnceNothingElseIsLeft()
    {
        var ten = await Ask("cart", 10);
        var most = await Ask("cart", 22);

        Assert.All(ten.Items, item => Assert.Equal(1, Number(item) % 2));
        Assert.Empty(ten.Rules);
        Assert.Equal(Enumerable.Repeat(1, 20).Concat([0, 0]), most.Items.Select(item => Number(item) % 2));
        Assert.All(most.Items.Skip(20), item => Assert.Equal(["sweet"], item.Rules));
        Assert.Equal(["sweet"], most.Rules);
    }

    [Fact]
    public async Task Recommend_AnotherPlacement_IsAsWithoutRules()
    {
        using var plain = new ServiceWorld(_services.World);
        var request = new RecommendRequest { UserId = "u", Count = 30, DryRun = true, Placement = "shelf" };

        var slate = await _services.Recommend(request);

        Assert.Equal((await plain.Recommend(request)).Items.Select(item => item.ItemId), slate.Items.Select(item => item.ItemId));
        Assert.Empty(slate.Rules);
    }

    [Fact]
    public async Task Recommend_UserMutedWhatIsPinned_DoesNotCome()
    {
        var profile = World.Profile("i0");
        profile.Controls.Add([.. new uint[] { 1, 2 }.Select(id => new LayerControl { LayerId = id, Action = LayerAction.Mute })]);
        _services.Put("u", profile);

        var slate = await Ask("home", 10);

        Assert.Equal("i38", slate.Items[0].ItemId);
        Assert.All(slate.Items, item => Assert.Equal(2, Number(item) % 3));
    }

    [Fact]
    public async Task Recommend_UserPinnedALayerThatIsBuried_KeepsItsPlace()
    {
        // Layer 1 has i0, i3 and so on; that of "cart" buries the even ones, and the odd ones are excluded.
        var profile = World.Profile();
        profile.Controls.Add(new LayerControl { LayerId = 1, Action = LayerAction.Pin });
        _services.Put("u", profile);
        var request = Asked("cart", 5);
        request.UserId = "u";
        request.ExcludeItemIds.Add(Enumerable.Range(0, 40).Where(i => i % 3 == 0 && i % 2 == 1).Select(i => $"i{i}"));

        var slate = await _services.Recommend(request);

        var pinned = Assert.Single(slate.Items, item => Number(item) % 2 == 0);
        Assert.Equal((1u, 0), (pinned.Layer.LayerId, Number(pinned) % 3));
    }

    [Theory]
    [InlineData("window", "i1", Obstacle.Ruled, "all")]
    [InlineData("home", "i7", Obstacle.Ruled, "bitter")]
    [InlineData("cart", "i0", Obstacle.Ruled, "sweet")]
    [InlineData("shelf", "i0", Obstacle.None, "")]
    [InlineData("home", "i35", Obstacle.Outranked, "")]
    public async Task ExplainNot_Rule_IsNamed(string placement, string item, Obstacle obstacle, string rule)
    {
        var slate = Asked(placement, placement == "window" ? 2u : 10);

        var answer = await _services.Ranking.ExplainNot(
            new ExplainNotRequest { UserId = "u", ItemId = item, Slate = slate }, new ServiceWorld.Call());

        Assert.Equal((obstacle, rule), (answer.Obstacle, answer.Rule));
        Assert.Equal(rule.Length > 0, answer.Text.Contains($"\"{rule}\"", StringComparison.Ordinal));
    }

    private static int Number(RankedItem item) => int.Parse(item.ItemId[1..], CultureInfo.InvariantCulture);

    private static RecommendRequest Asked(string placement, uint count)
        => new() { Count = count, Placement = placement, LogImpression = false };

    private Task<RecommendResponse> Ask(string placement, uint count)
    {
        var request = Asked(placement, count);
        request.UserId = "u";
        return _services.Recommend(request);
    }
}
