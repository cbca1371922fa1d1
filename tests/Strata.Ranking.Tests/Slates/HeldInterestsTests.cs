using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Tests.Slates;

/// <summary>What a user holds long since keeps its places.</summary>
[Trait("height", "unit")]
public sealed class HeldInterestsTests
{
    private const int Items = 40;

    [Theory]
    [InlineData(10, 2)]
    [InlineData(20, 4)]
    [InlineData(1, 0)]
    public void Build_TenPurchasesAYearAgoAndAViewNow_KeepsPlacesForWhatWasBought(int count, int least)
    {
        using var request = Request(BoughtAYearAgo());

        var slate = Slate(request, count, new SlateOptions());

        Assert.InRange(slate.Count(placed => placed.Slot == request.View.Layers.SlotOf(2)), least, Math.Max(least, count / 2));
        Assert.Equal(request.View.Layers.SlotOf(1), slate[0].Slot);
        Assert.All(slate, placed => Assert.Equal(1.0, placed.Propensity, 9));
    }

    [Fact]
    public void Build_NothingIsKept_HasTheViewedLayerOnly()
    {
        using var request = Request(BoughtAYearAgo());

        var slate = Slate(request, 10, new SlateOptions { HeldShare = 0 });

        Assert.DoesNotContain(slate, placed => placed.Slot == request.View.Layers.SlotOf(2));
    }

    [Theory]
    [InlineData(LayerAction.Mute)]
    [InlineData(LayerAction.Unspecified)]
    public void For_Held_IsAPartOfTheProbabilitiesUnlessMuted(LayerAction action)
    {
        var profile = BoughtAYearAgo();
        profile.Controls.Add(new LayerControl { LayerId = 2, Action = action });
        using var request = Request(profile);

        var layers = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, new SlateOptions());

        var bought = layers.Layers.SingleOrDefault(layer => layer.LayerId == 2);
        Assert.Equal(1, layers.Layers.Sum(layer => layer.Probability), 9);
        Assert.Equal(action == LayerAction.Mute ? 0 : 0.2 * (25 / 25.3), bought.Held, 2);
        Assert.InRange(bought.Probability, bought.Held, 0.5);
    }

    [Fact]
    public void For_ForgottenItems_HoldNothing()
    {
        var profile = BoughtAYearAgo();
        foreach (var item in profile.Items.Skip(1))
        {
            item.Forgotten = true;
        }

        using var request = Request(profile);

        var layers = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, new SlateOptions());

        Assert.Equal(0, layers.Layers.SingleOrDefault(layer => layer.LayerId == 2).Held);
    }

    [Fact]
    public void Build_AsManyPinsAsPlaces_PinsComeFirst()
    {
        var profile = BoughtAYearAgo();
        profile.Controls.Add(new LayerControl { LayerId = 1, Action = LayerAction.Pin });
        profile.Controls.Add(new LayerControl { LayerId = 3, Action = LayerAction.Pin });
        using var request = Request(profile);

        var slate = Slate(request, 2, new SlateOptions { HeldShare = 0.5 });

        Assert.Equal([1u, 3u], slate.Select(placed => request.View.Layers.IdOf(placed.Slot)).Order());
    }

    private static IReadOnlyList<PlacedItem> Slate(RankingRequest request, int count, SlateOptions options)
    {
        var layers = LayerDistribution.For(request, request.User, RankingPolicy.Shipped, options);
        return SlateBuilder.Build(request, layers, count, 0, options, new Random(1));
    }

    // Ten of the north bought, one of the east looked at; where the weights on layers have 30 days, nothing of the north is left.
    private static Profile BoughtAYearAgo()
    {
        var profile = World.Profile([.. Enumerable.Range(0, 11).Select(n => n == 0 ? "e0" : $"n{n}")]);
        profile.Items[0].Kinds = 1u << (int)EventKind.View;
        foreach (var item in profile.Items.Skip(1))
        {
            item.Kinds = (1u << (int)EventKind.Purchase) | (1u << (int)EventKind.Click);
            item.LastUnixMs = World.NowMs - (365 * World.DayMs);
        }

        return profile;
    }

    private static RankingRequest Request(Profile profile)
    {
        var world = new World();
        for (var i = 0; i < Items; i++)
        {
            world.Item($"e{i}", [1, i * 0.001f, 0]).With(World.Activity($"e{i}", popularity: 90 - i))
                .Item($"n{i}", [0, 1, i * 0.001f]).With(World.Activity($"n{i}", popularity: 9 - (i * 0.1)))
                .Item($"u{i}", [i * 0.001f, 0, 1]).With(World.Activity($"u{i}", popularity: 9 - (i * 0.1)));
        }

        return world.With(World.LayerSet(1, [], (1, [1, 0, 0], 5), (2, [0, 1, 0], 5), (3, [0, 0, 1], 5))).Published().Rank(profile);
    }
}
