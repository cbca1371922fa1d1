using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Index;
using Strata.Edge.Requests;

namespace Strata.Ranking.Serving;

/// <summary>What a request must be like. All faults are told at once.</summary>
internal static class RequestRules
{
    public const int DefaultCount = 10;
    private const int MaxCount = 100;
    private const int MaxId = 128;
    private const int MaxExclusions = 200;

    public static (int Count, AsOfToken? AsOf) Check(RecommendRequest request)
    {
        var violations = new Violations();
        CheckId(violations, "user_id", request.UserId);
        violations.Require(request.Count <= MaxCount, "count", $"is {request.Count}; ask for 1 to {MaxCount} places, or 0 for {DefaultCount}");
        violations.Require(
            request.ExcludeItemIds.Count <= MaxExclusions, "exclude_item_ids", $"has {request.ExcludeItemIds.Count} ids; send at most {MaxExclusions}");
        var asOf = ReadToken(violations, request.AsOf);
        violations.Throw();
        return (request.Count == 0 ? DefaultCount : (int)request.Count, asOf);
    }

    public static void Check(ExplainRequest request)
    {
        var violations = new Violations();
        CheckId(violations, "user_id", request.UserId);
        CheckId(violations, "item_id", request.ItemId);
        violations.Throw();
    }

    public static AsOfToken? Check(GetUserLayersRequest request)
    {
        var violations = new Violations();
        CheckId(violations, "user_id", request.UserId);
        var asOf = ReadToken(violations, request.AsOf);
        violations.Throw();
        return asOf;
    }

    public static void Check(ControlUserLayerRequest request)
    {
        var violations = new Violations();
        CheckId(violations, "user_id", request.UserId);
        violations.Require(request.LayerId > 0, "layer_id", "is required: send the id of a layer of ListLayers");
        violations.Require(
            request.Action is >= LayerAction.Boost and <= LayerAction.Clear, "action", $"{(int)request.Action} is no action: send one of BOOST, MUTE, PIN, FORGET, CLEAR");
        violations.Throw();
    }

    /// <summary>Slot of a layer of the set; NOT_FOUND when it does not live.</summary>
    public static int SlotOf(LayerView layers, string field, uint layerId) => layers.SlotOf(layerId) is >= 0 and var slot ? slot : throw NoLayer(layers, field, layerId);

    public static InvalidRequestException NoLayer(LayerView layers, string field, uint layerId)
    {
        var heirs = string.Join(", ", layers.SlotsOf(layerId).Select(heir => layers.IdOf(heir.Slot)));
        return new InvalidRequestException(field, heirs.Length > 0 ? $"layer {layerId} is gone: its interests are in {heirs} now" : $"no layer {layerId} is known: take one of ListLayers (GET /v1/layers)")
        {
            Code = StatusCode.NotFound,
        };
    }

    private static AsOfToken? ReadToken(Violations violations, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        violations.Require(AsOfToken.TryParse(text, out var token), "as_of", "is no token; send the as_of of a PublishEvent answer as it came, or leave it empty");
        return token;
    }

    private static void CheckId(Violations violations, string field, string id)
        => violations.Require(id.Length is > 0 and <= MaxId, field, $"has {id.Length} characters; send 1 to {MaxId}");
}
