using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Serving;

namespace Strata.Ranking.Browse;

/// <summary>What a request for layers must be like.</summary>
internal static class LayerRules
{
    public static AsOfToken? Check(GetUserLayersRequest request)
    {
        var violations = new Violations();
        RequestRules.CheckId(violations, "user_id", request.UserId);
        var asOf = RequestRules.ReadToken(violations, request.AsOf);
        violations.Throw();
        return asOf;
    }

    public static void Check(ControlUserLayerRequest request)
    {
        var violations = new Violations();
        RequestRules.CheckId(violations, "user_id", request.UserId);
        violations.Require(request.LayerId > 0, "layer_id", "is required: send the id of a layer of ListLayers");
        violations.Require(
            request.Action is >= LayerAction.Boost and <= LayerAction.Clear,
            "action",
            $"{(int)request.Action} is no action: send one of BOOST, MUTE, PIN, FORGET, CLEAR");
        violations.Throw();
    }

    /// <summary>Slot of a layer of the set; NOT_FOUND when it does not live.</summary>
    public static int SlotOf(LayerView layers, string field, uint layerId)
        => layers.SlotOf(layerId) is >= 0 and var slot ? slot : throw NoLayer(layers, field, layerId);

    public static InvalidRequestException NoLayer(LayerView layers, string field, uint layerId)
    {
        var heirs = string.Join(", ", layers.SlotsOf(layerId).Select(heir => layers.IdOf(heir.Slot)));
        var why = heirs.Length > 0
            ? $"layer {layerId} is gone: its interests are in {heirs} now"
            : $"no layer {layerId} is known: take one of ListLayers (GET /v1/layers)";
        return new InvalidRequestException(field, why) { Code = StatusCode.NotFound };
    }
}
