using Google.Protobuf;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Tests.Serving;
using Strata.ServiceDefaults.State;

namespace Strata.Ranking.Tests.Browse;

[Trait("height", "harness")]
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

        var own = response.Layers.Where(layer => layer.LongInterest > 0).OrderByDescending(layer => layer.LongInterest).ToList();
        Assert.Equal([(3u, 0.75, 0.5), (1u, 0.25, 0.5)], own.Select(layer => (layer.LayerId, layer.LongInterest, layer.ShortInterest)));
        Assert.Equal(1, response.Layers.Sum(layer => layer.Probability), 12);

        // "rare" is in no item, so it weighs more although it is used less; "candi" is in every one.
        Assert.Equal(["rare", "candies"], response.Words);
    }

    [Fact]
    public async Task GetUserLayers_AnyUser_SaysTheProbabilitiesThatASlateIsPlacedBy()
    {
        _services.Put("u", World.Profile("i0", "i1"));

        var layers = await _services.Layers.GetUserLayers(new GetUserLayersRequest { UserId = "u" }, new ServiceWorld.Call());
        var slate = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true });

        Assert.NotEmpty(slate.Items);
        Assert.All(
            slate.Items,
            item => Assert.Equal(
                item.Layer.Probability, layers.Layers.Single(layer => layer.LayerId == item.Layer.LayerId).Probability, 1e-9));
    }

    [Fact]
    public async Task GetUserLayers_MutedLayer_StandsThereWithoutAProbability()
    {
        var profile = World.Profile("i0");
        profile.Controls.Add(new LayerControl { LayerId = 1, Action = LayerAction.Mute });
        _services.Put("u", profile);

        var response = await _services.Layers.GetUserLayers(new GetUserLayersRequest { UserId = "u" }, new ServiceWorld.Call());

        var muted = response.Layers.Single(layer => layer.LayerId == 1);
        Assert.Equal((LayerAction.Mute, 0), (muted.Action, muted.Probability));
        Assert.Equal(1, response.Layers.Sum(layer => layer.Probability), 12);
    }

    [Fact]
    public async Task ControlUserLayer_Forget_PublishesWhatIsToBeForgottenAndATokenOfIt()
    {
        var profile = World.Profile("i0", "i1", "i2");
        _services.Put("u", profile);
        var layer = (await OwnAsync()).Layers.First(row => row.Interests.Count > 0);
        var stored = new UserLayers { LayerIds = { layer.LayerId }, LongWeights = { 3 }, ShortWeights = { 1 }, AsOfUnixMs = 77 };
        _services.Store.Values[Keys.UserLayers("u")] = FencedValue.Encode([default], stored.ToByteArray());

        var response = await _services.Layers.ControlUserLayer(Wish(layer.LayerId, LayerAction.Forget), new ServiceWorld.Call());

        var published = Assert.Single(_services.Publisher.Messages);
        var happened = (UserEvent)published.Value!;
        Assert.Equal((Topics.Events, "u", EventKind.Control), (published.Topic, published.Key, happened.Kind));
        Assert.Equal(
            new AsOfToken(published.Position.Partition, published.Position.Offset, published.Position.Log).ToString(), response.AsOf);
        Assert.Equal(
            (3f, 1f, 77L), (happened.LayerControl.LongWeight, happened.LayerControl.ShortWeight, happened.LayerControl.AsOfUnixMs));
        Assert.Equal(World.NowMs, happened.LayerControl.AskedUnixMs);
        Assert.Equal(layer.Interests.Sum(interest => interest.Items), (uint)happened.LayerControl.ItemIds.Count);
        Assert.Equal(World.NowMs, published.Timestamp.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData(99, LayerAction.Mute, "layer_id", StatusCode.NotFound)]
    [InlineData(0, LayerAction.Mute, "layer_id", StatusCode.InvalidArgument)]
    [InlineData(1, LayerAction.Unspecified, "action", StatusCode.InvalidArgument)]
    [InlineData(1, (LayerAction)9, "action", StatusCode.InvalidArgument)]
    public async Task ControlUserLayer_BadRequest_NamesTheField(uint layer, LayerAction action, string field, StatusCode code)
    {
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _services.Layers.ControlUserLayer(Wish(layer, action), new ServiceWorld.Call()));

        Assert.Equal((field, code), (fault.Violations[0].Field, fault.Code));
        Assert.Empty(_services.Publisher.Messages);
    }

    [Fact]
    public async Task ControlUserLayer_OneTooMany_IsRefusedUntilOneIsCleared()
    {
        var profile = World.Profile("i0");
        profile.Controls.AddRange(
            Enumerable.Range(0, 16).Select(i => new LayerControl { LayerId = 3 + (uint)i, Action = LayerAction.Mute }));
        _services.Put("u", profile);

        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _services.Layers.ControlUserLayer(Wish(1, LayerAction.Pin), new ServiceWorld.Call()));
        await _services.Layers.ControlUserLayer(Wish(18, LayerAction.Clear), new ServiceWorld.Call());

        Assert.Equal(("action", StatusCode.FailedPrecondition), (fault.Violations[0].Field, fault.Code));
        Assert.Single(_services.Publisher.Messages);
    }

    [Fact]
    public async Task MoveLayer_Merge_AsksTheReducerAndSaysWhatBecameOfIt()
    {
        var change = new LayerSetMarker.Types.Change { Version = 12, Removed = 1, MergedInto = 2, Parent = 3, First = 8, Second = 9 };
        _services.AnswerMoves(change);

        var made = await _services.Layers.MoveLayer(new MoveLayerRequest { LayerId = 1, IntoLayerId = 2 }, new ServiceWorld.Call());

        var published = Assert.Single(_services.Publisher.Messages);
        Assert.Equal((Topics.LayerDeltas, 0), (published.Topic, published.Position.Partition));
        var move = ((LayerCommand)published.Value!).Move;
        Assert.Equal((Keys.LayerCommand, 1u, 2u), (published.Key, move.LayerId, move.IntoLayerId));
        Assert.Equal((12ul, 1u, 2u, 3u), (made.Version, made.RemovedLayerId, made.MergedIntoLayerId, made.SplitLayerId));
        Assert.Equal([8u, 9u], made.BornLayerIds);
    }

    [Fact]
    public async Task MoveLayer_Refused_SaysWhy()
    {
        _services.AnswerMoves(null, "no layer that may be split has 24 items");

        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _services.Layers.MoveLayer(new MoveLayerRequest { LayerId = 1 }, new ServiceWorld.Call()));

        Assert.Equal(StatusCode.FailedPrecondition, fault.Code);
        Assert.Contains("24 items", fault.Violations[0].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoveLayer_NoAnswer_IsNoSuccess()
    {
        var moving = _services.Layers.MoveLayer(new MoveLayerRequest { LayerId = 1 }, new ServiceWorld.Call());
        while (!moving.IsCompleted)
        {
            _services.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => moving)).StatusCode);
    }

    [Theory]
    [InlineData(99, 0, "layer_id", StatusCode.NotFound)]
    [InlineData(1, 99, "into_layer_id", StatusCode.NotFound)]
    [InlineData(1, 1, "into_layer_id", StatusCode.InvalidArgument)]
    public async Task MoveLayer_BadRequest_NamesTheField(uint layer, uint into, string field, StatusCode code)
    {
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _services.Layers.MoveLayer(new MoveLayerRequest { LayerId = layer, IntoLayerId = into }, new ServiceWorld.Call()));

        Assert.Equal((field, code), (fault.Violations[0].Field, fault.Code));
    }

    [Fact]
    public async Task GetLayer_ThatDoesNotLive_IsNotFoundInEveryCall()
    {
        var call = new ServiceWorld.Call();
        Func<Task>[] calls =
        [
            () => _services.Layers.GetLayer(new GetLayerRequest { LayerId = 99 }, call),
            () => _services.Layers.GetLayerLineage(new GetLayerLineageRequest { LayerId = 99 }, call),
            () => _services.Layers.GetLayerSeries(new GetLayerSeriesRequest { LayerId = 99 }, call),
        ];

        foreach (var ask in calls)
        {
            var fault = await Assert.ThrowsAsync<InvalidRequestException>(ask);
            Assert.Equal(("layer_id", StatusCode.NotFound), (fault.Violations[0].Field, fault.Code));
        }
    }

    [Fact]
    public async Task GetLayer_ALayer_HasItsNeighboursNearestFirst()
    {
        var layer = await _services.Layers.GetLayer(new GetLayerRequest { LayerId = 1 }, new ServiceWorld.Call());

        Assert.Equal(2, layer.Neighbours.Count);
        Assert.True(layer.Neighbours[0].Cosine >= layer.Neighbours[1].Cosine);
        Assert.Equal(["word1"], layer.Words);
    }

    [Fact]
    public async Task AcceptSuggestion_AsListed_AsksTheReducerAndNothingElseIsAccepted()
    {
        var layers = World.LayerSet(9, [0, 0], (1, [1, 0], 1), (2, [0, 1], 1), (3, [-1, 0], 1));
        var suggestion = new LayerTitle.Types.Suggestion { IntoLayerId = 2, Why = "alike" };
        layers[0]!.Title = new LayerTitle { Title = "word1", Suggestion = suggestion };
        layers[1]!.Title = new LayerTitle { Title = "word2", Suggestion = new LayerTitle.Types.Suggestion { IntoLayerId = 99 } };
        using var services = new ServiceWorld(new World().With(layers).Published());
        services.AnswerMoves(new LayerSetMarker.Types.Change { Version = 10, Removed = 1, MergedInto = 2 });
        var call = new ServiceWorld.Call();

        var listed = Assert.Single((await services.Layers.ListSuggestions(new ListSuggestionsRequest(), call)).Suggestions);
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => services.Layers.AcceptSuggestion(new AcceptSuggestionRequest { LayerId = 1 }, call));
        await services.Layers.AcceptSuggestion(
            new AcceptSuggestionRequest { LayerId = listed.LayerId, IntoLayerId = listed.IntoLayerId }, call);

        Assert.Equal((1u, 2u, "alike"), (listed.LayerId, listed.IntoLayerId, listed.Why));
        Assert.Equal(("layer_id", StatusCode.NotFound), (fault.Violations[0].Field, fault.Code));
        var move = ((LayerCommand)Assert.Single(services.Publisher.Messages).Value!).Move;
        Assert.Equal((1u, 2u), (move.LayerId, move.IntoLayerId));
    }

    private static ControlUserLayerRequest Wish(uint layer, LayerAction action) => new() { UserId = "u", LayerId = layer, Action = action };

    private Task<GetUserLayersResponse> OwnAsync()
        => _services.Layers.GetUserLayers(new GetUserLayersRequest { UserId = "u" }, new ServiceWorld.Call());

    [Fact]
    public async Task GetUserLayers_NoUser_IsRefused()
        => await Assert.ThrowsAsync<InvalidRequestException>(
            () => _services.Layers.GetUserLayers(new GetUserLayersRequest(), new ServiceWorld.Call()));
}
