using Grpc.Core;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Tests.Serving;

namespace Strata.Ranking.Tests.Lookups;

[Trait("height", "harness")]
public sealed class SimilarTests : IDisposable
{
    private readonly ServiceWorld _services = new(Shop());

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(Likeness.Behaviour, "bought")]
    [InlineData(Likeness.Text, "reads")]
    public async Task Similar_ByOneOfBoth_PutsItsOwnFirst(Likeness by, string first)
    {
        var answer = await Similar(new SimilarRequest { ItemId = "lamp", By = by, Count = 1 });

        var item = Assert.Single(answer.Items).Item;
        Assert.Equal(first, item.ItemId);
        Assert.Equal(1, item.Score, 1e-6);
    }

    [Fact]
    public async Task Similar_ByBoth_HasBothAndSaysWhyInPartsThatSumToTheScore()
    {
        var answer = await Similar(new SimilarRequest { ItemId = "lamp", Count = 2 });

        Assert.Equal(["bought", "reads"], answer.Items.Select(found => found.Item.ItemId).Order());
        Assert.Empty(answer.Degraded);
        var bought = answer.Items.Single(found => found.Item.ItemId == "bought");
        var reads = answer.Items.Single(found => found.Item.ItemId == "reads");
        Assert.Equal((false, true), (bought.SharesLayer, reads.SharesLayer));
        Assert.StartsWith("Often chosen together with «Title lamp»", bought.Item.Reason.Text, StringComparison.Ordinal);
        Assert.StartsWith("Reads like «Title lamp»", reads.Item.Reason.Text, StringComparison.Ordinal);
        Assert.All(
            answer.Items,
            found => Assert.Equal(found.Item.Score, found.Item.Reason.Contributions.Sum(part => part.Value), 1e-9));
    }

    [Fact]
    public async Task Similar_ByBehaviour_PutsWhatMoreOfThemChoseBeforeWhatFewerDidWhoeverElseChoseIt()
    {
        var lamp = World.Activity("lamp", popularity: 9, firstTouches: 9);
        lamp.CoVisits.Add([World.Neighbour("bought", 6), World.Neighbour("near", 4)]);
        _services.World.With(lamp).With(World.Activity("bought", popularity: 90, firstTouches: 90))
            .With(World.Activity("near", popularity: 4, firstTouches: 4)).Published();

        var answer = await Similar(new SimilarRequest { ItemId = "lamp", By = Likeness.Behaviour, Count = 2 });

        Assert.Equal(["bought", "near"], answer.Items.Select(found => found.Item.ItemId));

        // One choice more for the most popular of all, and the others their share of it.
        Assert.Equal((4 + (4.0 / 90)) / (6 + 1), answer.Items[1].Item.Score, 1e-6);
    }

    [Theory]
    [InlineData(1_000, "bought")]
    [InlineData(0.25, "reads")]
    public async Task Similar_ByBoth_GoesByTheTextWhereFewHaveChosen(double choices, string first)
    {
        var lamp = World.Activity("lamp", popularity: 1, firstTouches: choices);
        lamp.CoVisits.Add(World.Neighbour("bought", 0.25f));
        _services.World.With(lamp).Published();

        var answer = await Similar(new SimilarRequest { ItemId = "lamp", Count = 1 });

        var item = Assert.Single(answer.Items).Item;
        Assert.Equal(first, item.ItemId);
        Assert.Equal(Math.Max(choices, 1) / (choices + 1), item.Score, 1e-3);
    }

    [Fact]
    public async Task Similar_ForAUser_LeavesOutWhatTheyHadDismissedAndMutedAndPrefersTheirLayers()
    {
        var profile = World.Profile("reads");
        profile.Items.Add(new ProfileItem { ItemId = "other0", LastUnixMs = 1, Kinds = 1u << (int)Contracts.Events.V1.EventKind.Dismiss });
        profile.Controls.Add(new LayerControl { LayerId = 3, Action = LayerAction.Mute });
        _services.Put("u", profile);

        var answer = await Similar(new SimilarRequest { ItemId = "lamp", UserId = "u", Count = 100 });

        Assert.DoesNotContain(answer.Items, found => found.Item.ItemId is "lamp" or "reads" or "other0" || found.Item.Layer.LayerId == 3);
        var near = answer.Items.Single(found => found.Item.ItemId == "near").Item;
        Assert.Contains(near.Reason.Contributions, part => part is { Feature: "interest", Value: > 0 });
        Assert.True(near.Layer.Probability > 0);
    }

    [Fact]
    public async Task Similar_HiddenVariantsAndFiltered_AreOut()
    {
        var hidden = _services.World.View.Items.Features[_services.World.View.IndexOf("reads")]!.Clone();
        hidden.Hidden = true;
        _services.World.Catalogue.Put(hidden);
        _services.World.Variant("lamp-green", "lamps", [1, 0, 0]).Variant("lamp-blue", "lamps", [1, 0, 0]).Published();

        var answer = await Similar(
            new SimilarRequest { ItemIds = { "lamp-green", "lamp" }, Count = 100, Filter = new ItemFilter { AvoidLayerIds = { 2 } } });

        Assert.NotEmpty(answer.Items);
        Assert.DoesNotContain(
            answer.Items,
            found => found.Item.ItemId is "reads" or "lamp-blue" or "lamp-green" or "lamp" || found.Item.Layer.LayerId == 2);
    }

    [Fact]
    public async Task Similar_TooFewAlike_IsFilledWithPopularOnesAndSaysSo()
    {
        var answer = await Similar(new SimilarRequest { ItemId = "lamp", By = Likeness.Behaviour, Count = 5 });

        Assert.Equal(5, answer.Items.Count);
        Assert.Equal(["widened"], answer.Degraded);
        Assert.Equal("bought", answer.Items[0].Item.ItemId);
        Assert.All(answer.Items.Skip(1), found => Assert.Equal(0, found.Item.Score));
        Assert.True(answer.Items[1].SharesLayer);
    }

    [Fact]
    public async Task Similar_UnknownItemOrNone_IsRefused()
    {
        var unknown = await Assert.ThrowsAsync<RpcException>(() => Similar(new SimilarRequest { ItemId = "nothing" }));
        var none = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Similar(new SimilarRequest { Count = 101, By = (Likeness)9, UserId = new string('u', 129) }));

        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(["item_id", "count", "by", "user_id"], none.Violations.Select(violation => violation.Field));
    }

    private Task<SimilarResponse> Similar(SimilarRequest request) => _services.Ranking.Similar(request, new ServiceWorld.Call());

    // Three layers; "bought" goes with the lamp by what people do, "reads" by what it says, "near" a little.
    private static World Shop()
    {
        var lamp = World.Activity("lamp", popularity: 9, firstTouches: 9);
        lamp.CoVisits.Add(World.Neighbour("bought", 8));
        var world = new World()
            .Item("lamp", [1, 0, 0]).Item("reads", [0.98f, 0.1f, 0.1f]).Item("near", [0.7f, 0.6f, 0.2f]).Item("bought", [0, 1, 0])
            .With(lamp).With(World.Activity("bought", popularity: 4, firstTouches: 8)).With(World.Activity("near", popularity: 1));
        for (var i = 0; i < 6; i++)
        {
            world.Item($"other{i}", [-1, 0.1f * i, 1]).With(World.Activity($"other{i}", popularity: 50 + i));
        }

        return world.With(World.LayerSet(2, [], (1, [1, 0, 0], 5), (2, [0, 1, 0], 3), (3, [0, 0, 1], 2))).Published();
    }
}
