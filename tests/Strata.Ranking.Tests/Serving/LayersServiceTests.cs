using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.Requests;
using Strata.ServiceDefaults.State;

namespace Strata.Ranking.Tests.Serving;

public sealed class LayersServiceTests : IDisposable
{
    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task ListLayers_Always_ListsTheHeaviestFirst()
    {
        var response = await _services.Layers.ListLayers(new ListLayersRequest(), new ServiceWorld.Call());

        Assert.Equal([1u, 2u, 3u], response.Layers.Select(layer => layer.LayerId));
        Assert.Equal([0.5, 0.3, 0.2], response.Layers.Select(layer => layer.Share));
        Assert.Equal(2ul, response.Version);
    }

    [Fact]
    public async Task GetUserLayers_KnownUser_IsHisRowAndHisWords()
    {
        var profile = World.Profile("i0");
        profile.Terms.Add(new TermWeight { Term = "candi", Weight = 0.5f });
        profile.Terms.Add(new TermWeight { Term = "rare", Weight = 0.4f });
        _services.Put("u", profile);
        var layers = new UserLayers { LayerIds = { 3, 1 }, LongWeights = { 3, 1 }, ShortWeights = { 1, 1 } };
        _services.Store.Values[Keys.UserLayers("u")] = FencedValue.Encode([default], layers.ToByteArray());

        var response = await _services.Layers.GetUserLayers(new GetUserLayersRequest { UserId = "u" }, new ServiceWorld.Call());

        Assert.Equal([3u, 1u], response.Layers.Select(layer => layer.LayerId));
        Assert.Equal((0.75, 0.5), (response.Layers[0].LongInterest, response.Layers[0].ShortInterest));
        Assert.Equal(1, response.Layers.Sum(layer => layer.Probability), 12);

        // "rare" is in no item, so it weighs more although it is used less; "candi" is in every one.
        Assert.Equal(["rare", "candies"], response.Words);
    }

    [Fact]
    public async Task GetUserLayers_NoUser_IsRefused()
        => await Assert.ThrowsAsync<InvalidRequestException>(() => _services.Layers.GetUserLayers(new GetUserLayersRequest(), new ServiceWorld.Call()));
}
