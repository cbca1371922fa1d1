using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Strata.Contracts.Layers.V1;
using Strata.Edge.Rates;
using Strata.Edge.Requests;
using Strata.Ranking.Browse.Core;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults.Access;
using LayersBase = Strata.Contracts.Layers.V1.Layers.LayersBase;

namespace Strata.Ranking.Browse;

/// <summary>Shows the layers and a user's row of the layer matrix, and takes what users and operators want of layers.</summary>
internal sealed class LayersService(
    Catalogue catalogue,
    UserReader users,
    LayerControlPublisher controls,
    MoveAnswers answers,
    ServingArms arms,
    UserRates rates,
    TimeProvider time) : LayersBase
{
    private const int UserWords = 10;

    private DrawnMap? _map;

    [Authorize(Scopes.Read)]
    public override Task<ListLayersResponse> ListLayers(ListLayersRequest request, ServerCallContext context)
    {
        var view = catalogue.Current;
        var summaries = new LayerSummaries(view);
        var response = new ListLayersResponse { Version = view.Layers.Version };
        response.Layers.AddRange(summaries.All());
        response.Groups.AddRange(summaries.Groups());
        return Task.FromResult(response);
    }

    [Authorize(Scopes.Read)]
    public override Task<LayerSummary> GetLayer(GetLayerRequest request, ServerCallContext context)
    {
        var view = catalogue.Current;
        return Task.FromResult(new LayerSummaries(view).WithNeighbours(LayerRules.SlotOf(view.Layers, "layer_id", request.LayerId)));
    }

    [Authorize(Scopes.Read)]
    public override Task<GetLayerLineageResponse> GetLayerLineage(GetLayerLineageRequest request, ServerCallContext context)
    {
        var layers = catalogue.Current.Layers;
        return Task.FromResult(LayerStory.Of(layers, request.LayerId) ?? throw LayerRules.NoLayer(layers, "layer_id", request.LayerId));
    }

    [Authorize(Scopes.Read)]
    public override Task<GetLayerSeriesResponse> GetLayerSeries(GetLayerSeriesRequest request, ServerCallContext context)
    {
        var layers = catalogue.Current.Layers;
        var response = new GetLayerSeriesResponse { LayerId = request.LayerId };
        response.Hours.AddRange(new LayerTrends(layers).SeriesOf(layers[LayerRules.SlotOf(layers, "layer_id", request.LayerId)]!));
        return Task.FromResult(response);
    }

    [Authorize(Scopes.Read)]
    public override Task<GetLayerMapResponse> GetLayerMap(GetLayerMapRequest request, ServerCallContext context)
    {
        // Computed once a set: K² numbers. Not once a version: names and groups come again under the same one.
        var view = catalogue.Current;
        var drawn = Volatile.Read(ref _map);
        if (drawn?.Layers != view.Layers)
        {
            Volatile.Write(ref _map, drawn = new DrawnMap(view.Layers, new LayerSummaries(view).Map()));
        }

        return Task.FromResult(drawn.Map);
    }

    [Authorize(Scopes.Read)]
    public override async Task<GetUserLayersResponse> GetUserLayers(GetUserLayersRequest request, ServerCallContext context)
    {
        var asOf = LayerRules.Check(request);
        var user = asOf is { } token
            ? (await users.ReadAsOfAsync(request.UserId, token, context.CancellationToken)).State
            : await users.RequireAsync(request.UserId, context.CancellationToken);
        // What a slate asked for now would be placed by.
        var arm = arms.Of(users.IsStranger(request.UserId) ? "" : request.UserId);
        var moment = arm.Recommender.Now;
        var (view, wallClock) = (moment.View, time.GetUtcNow());
        var constraints = RequestConstraints.Usual with { CreatedByMs = wallClock.ToUnixTimeMilliseconds() };
        using var ranked = arm.Recommender.Rank(moment, user, constraints, StreamTime.NowMs(view, user, wallClock));
        var (history, own) = (ranked.History, ranked.Controls);
        var response = new GetUserLayersResponse { UserId = request.UserId, Version = view.Layers.Version };
        response.Layers.AddRange(LayerRows.Of(ranked, user, moment.Policy, arm.Slates).Select(layer => Row(view, history, own, layer)));
        response.Words.AddRange(WordsOf(view, user));
        response.Segment = view.Segments.Set.SlotOf(ranked.SegmentId) is >= 0 and var segment
            ? new SegmentSummaries(view).Of(segment)
            : null;
        return response;
    }

    [Authorize(Scopes.Read)]
    public override Task<ListSegmentsResponse> ListSegments(ListSegmentsRequest request, ServerCallContext context)
    {
        var view = catalogue.Current;
        var response = new ListSegmentsResponse
        {
            Version = view.Segments.Set.Version,
            Users = (ulong)Math.Round(view.Segments.Users),
        };
        response.Segments.AddRange(new SegmentSummaries(view).All());
        return Task.FromResult(response);
    }

    [Authorize(Scopes.Events)]
    public override async Task<ControlUserLayerResponse> ControlUserLayer(ControlUserLayerRequest request, ServerCallContext context)
    {
        LayerRules.Check(request);
        rates.Require("user_id", request.UserId);
        if (users.IsStranger(request.UserId))
        {
            throw new InvalidRequestException("user_id", "does not consent to be known: call Users.SetConsent first")
            {
                Code = StatusCode.FailedPrecondition,
            };
        }

        var user = await users.RequireAsync(request.UserId, context.CancellationToken);
        var view = catalogue.Current;
        var nowMs = StreamTime.NowMs(view, user, time.GetUtcNow());
        var token = await controls.PublishControlAsync(view, user, request, nowMs, context.CancellationToken);
        return new ControlUserLayerResponse { AsOf = token };
    }

    [Authorize(Scopes.Operate)]
    public override async Task<MoveLayerResponse> MoveLayer(MoveLayerRequest request, ServerCallContext context)
    {
        var id = await controls.PublishMoveAsync(catalogue.Current.Layers, request, context.CancellationToken);
        return await answers.WaitAsync(id, context.CancellationToken);
    }

    [Authorize(Scopes.Operate)]
    public override Task<ListSuggestionsResponse> ListSuggestions(ListSuggestionsRequest request, ServerCallContext context)
    {
        var response = new ListSuggestionsResponse();
        response.Suggestions.AddRange(new LayerSummaries(catalogue.Current).Suggestions());
        return Task.FromResult(response);
    }

    [Authorize(Scopes.Operate)]
    public override async Task<AcceptSuggestionResponse> AcceptSuggestion(AcceptSuggestionRequest request, ServerCallContext context)
    {
        var view = catalogue.Current;
        LayerRules.SlotOf(view.Layers, "layer_id", request.LayerId);
        if (!new LayerSummaries(view).Suggestions().Any(open => open.LayerId == request.LayerId && open.IntoLayerId == request.IntoLayerId))
        {
            throw new InvalidRequestException(
                "layer_id",
                $"nothing of the kind is suggested for layer {request.LayerId} now: "
                    + "take one of ListSuggestions (GET /v1/layer-suggestions)")
            {
                Code = StatusCode.NotFound,
            };
        }

        var move = new MoveLayerRequest { LayerId = request.LayerId, IntoLayerId = request.IntoLayerId };
        var id = await controls.PublishMoveAsync(view.Layers, move, context.CancellationToken);
        return new AcceptSuggestionResponse { Made = await answers.WaitAsync(id, context.CancellationToken) };
    }

    private static UserLayer Row(CatalogueView view, UserHistory history, LayerControls controls, LayerProbability layer)
    {
        var row = new UserLayer
        {
            LayerId = layer.LayerId,
            LongInterest = layer.LongInterest,
            ShortInterest = layer.ShortInterest,
            Probability = layer.Probability,
            Action = controls.Of(layer.Slot),
        };
        row.Words.AddRange(view.WordsOf(layer.Slot));
        row.Interests.AddRange(OwnInterests.In(view, history, layer.Slot).Select(interest => new UserLayer.Types.OwnInterest
        {
            ItemId = view.Items.Ids[interest.Item],
            Title = view.Items.Features[interest.Item]?.Title ?? "",
            Items = (uint)interest.Items,
            Weight = interest.Weight,
            LastUnixMs = interest.LastMs,
        }));
        return row;
    }

    // The profile's term frequencies times idf, as people write the words.
    private static IEnumerable<string> WordsOf(CatalogueView view, UserState user)
        => (user.Profile?.Terms ?? []).Where(term => term.Weight > 0)
            .OrderByDescending(term => term.Weight * view.Terms.Idf(term.Term))
            .Select(term => view.Terms.Readable(term.Term)).Distinct(StringComparer.Ordinal).Take(UserWords);

    private sealed record DrawnMap(LayerView Layers, GetLayerMapResponse Map);
}
