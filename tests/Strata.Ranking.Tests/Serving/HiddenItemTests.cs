using Grpc.Core;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;

namespace Strata.Ranking.Tests.Serving;

/// <summary>A hidden item is in no answer, whatever the answer is made from; what is shown carries what was put.</summary>
[Trait("height", "harness")]
public sealed class HiddenItemTests : IDisposable
{
    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Recommend_ItemThatBecomesHidden_LeavesTheNextSlateAndComesBack()
    {
        var request = new RecommendRequest { UserId = "u", DryRun = true, Count = 100 };
        Assert.Equal(40, (await _services.Recommend(request)).Items.Count);

        Put("i0", hidden: true);
        var hidden = await _services.Recommend(request);
        Put("i0", hidden: false);
        var back = await _services.Recommend(request);

        Assert.Equal(39, hidden.Items.Count);
        Assert.DoesNotContain(hidden.Items, item => item.ItemId == "i0");
        Assert.Contains(back.Items, item => item.ItemId == "i0");
    }

    [Fact]
    public async Task Recommend_EverythingHidden_IsEmptyAlsoWithoutAStoreAndWithRepeats()
    {
        for (var i = 0; i < 40; i++)
        {
            Put($"i{i}", hidden: true);
        }

        _services.Put("u", World.Profile("i3"));
        var repeats = await _services.Recommend(new RecommendRequest { UserId = "u", AllowRepeats = true });
        _services.Store.Silent = true;
        var call = _services.Recommend(new RecommendRequest { UserId = "u" });
        _services.Clock.Advance(TimeSpan.FromMilliseconds(100));
        var silent = await call;

        Assert.Equal(["repeats-forced", "no-items"], (await Known()).Degraded);
        Assert.Empty(repeats.Items);
        Assert.Empty(silent.Items);
        Assert.Contains("no-items", silent.Degraded);

        async Task<RecommendResponse> Known()
        {
            _services.Store.Silent = false;
            return await _services.Recommend(new RecommendRequest { UserId = "u" });
        }
    }

    [Fact]
    public async Task OtherAnswers_OfAHiddenItemThatTheUserHad_DoNotNameIt()
    {
        _services.Put("u", World.Profile("i3"));
        Put("i3", hidden: true);
        var context = new ServiceWorld.Call();

        var slate = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true, Count = 100 });
        var layers = await _services.Layers.GetUserLayers(new GetUserLayersRequest { UserId = "u" }, context);
        var fault = await Assert.ThrowsAsync<RpcException>(
            () => _services.Ranking.Explain(new ExplainRequest { UserId = "u", ItemId = "i3" }, context));

        Assert.DoesNotContain(slate.Items, item => item.Reason.Text.Contains("Candies 3»", StringComparison.Ordinal));
        Assert.DoesNotContain("i3", layers.Layers.SelectMany(layer => layer.Interests).Select(interest => interest.ItemId));
        Assert.Equal(StatusCode.NotFound, fault.StatusCode);
    }

    [Fact]
    public async Task Recommend_Offer_IsCarriedAsPut()
    {
        var features = _services.World.View.Items.Features[_services.World.View.IndexOf("i0")]!.Clone();
        features.Price = new Price { Amount = 19.99, Currency = "EUR" };
        features.Availability = Availability.Backorder;
        features.PictureUrl = "https://example.org/i0.jpg";
        features.Attributes["colour"] = "red";
        features.Categories.Add("Sweets");
        _services.World.Catalogue.Put(features);
        _services.World.Published();

        var slate = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true, Count = 100 });

        var item = slate.Items.Single(item => item.ItemId == "i0");
        Assert.Equal((features.Price, features.Availability, features.PictureUrl), (item.Price, item.Availability, item.PictureUrl));
        Assert.Equal((features.Attributes, features.Categories), (item.Attributes, item.Categories));
    }

    private void Put(string id, bool hidden)
    {
        var features = (_services.World.View.Items.Features[_services.World.View.IndexOf(id)] ?? new ItemFeatures()).Clone();
        features.Hidden = hidden;
        _services.World.Catalogue.Put(features);
        _services.World.Published();
    }
}
