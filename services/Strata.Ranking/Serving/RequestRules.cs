using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
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
        violations.Require(
            request.Count <= MaxCount, "count", $"is {request.Count}; ask for 1 to {MaxCount} positions, or 0 for {DefaultCount}");
        violations.Require(
            request.ExcludeItemIds.Count <= MaxExclusions,
            "exclude_item_ids",
            $"has {request.ExcludeItemIds.Count} ids; send at most {MaxExclusions}");
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

    public static AsOfToken? ReadToken(Violations violations, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        violations.Require(
            AsOfToken.TryParse(text, out var token),
            "as_of",
            "is no token; send the as_of of a PublishEvent answer as it came, or leave it empty");
        return token;
    }

    public static void CheckId(Violations violations, string field, string id) => violations.RequireId(field, id, MaxId);
}
