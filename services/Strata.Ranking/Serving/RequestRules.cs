using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Serving.Rules;

namespace Strata.Ranking.Serving;

/// <summary>What a request must be like. All faults are told at once.</summary>
internal static class RequestRules
{
    public const int DefaultCount = 10;
    private const int MaxCount = 100;
    private const int MaxId = 128;
    private const int MaxExclusions = 200;
    private const int MaxContext = 50;
    private const int MaxPlacement = 64;
    private const int MaxQuery = 256;
    private const int MaxUsers = 1_000;
    private const int MaxSuggestions = 20;
    private const int DefaultSuggestions = 8;

    public static (int Count, AsOfToken? AsOf) Check(RecommendRequest request)
    {
        var violations = new Violations();
        var session = request.ContextItemIds.Count > 0 || !string.IsNullOrWhiteSpace(request.Query);
        var asOf = Check(violations, request, needsUser: request.UserId.Length > 0 || !session);
        violations.Throw();
        return (CountOf(request.Count), asOf);
    }

    /// <summary>Hashes of what the pages before had; null: there were none.</summary>
    public static IReadOnlySet<ulong>? PagesBefore(RecommendRequest request)
        => request.PageToken.Length > 0 && PageToken.TryParse(request.PageToken, out var before) ? before : null;

    /// <summary>What a checked request allows, and what operators want of it.</summary>
    public static RequestConstraints ConstraintsOf(
        RecommendRequest request, RulesRead rules, DateTimeOffset wallClock, IReadOnlySet<ulong>? before)
        => new(
            request.AllowRepeats,
            request.ExcludeItemIds,
            wallClock.ToUnixTimeMilliseconds(),
            ItemConditions.Of(request.Filter, before),
            request.HasDiversity ? request.Diversity : null,
            rules.For(request.Placement, wallClock));

    public static void Check(ExplainRequest request)
    {
        var violations = new Violations();
        CheckId(violations, "user_id", request.UserId);
        CheckId(violations, "item_id", request.ItemId);
        violations.Throw();
    }

    /// <summary>Positions of the slate that is asked about.</summary>
    public static int Check(ExplainNotRequest request)
    {
        var violations = new Violations();
        CheckId(violations, "user_id", request.UserId);
        CheckId(violations, "item_id", request.ItemId);
        if (request.Slate is { } slate)
        {
            violations.Require(
                slate.UserId.Length == 0 || slate.UserId == request.UserId,
                "slate.user_id",
                "is another user than user_id: leave it out");
            CheckSlate(violations, slate);
        }

        violations.Throw();
        return CountOf(request.Slate?.Count ?? 0);
    }

    /// <summary>The items that others are to be like, each once, and how many are asked for.</summary>
    public static (string[] Seeds, int Count) Check(SimilarRequest request)
    {
        var violations = new Violations();
        string[] seeds = [.. request.ItemIds.Prepend(request.ItemId).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal)];
        violations.Require(
            seeds.Length is >= 1 and <= MaxContext,
            request.ItemIds.Count > 0 ? "item_ids" : "item_id",
            $"names {seeds.Length} items: send 1 to {MaxContext} that others are to be like");
        CheckCount(violations, request.Count);
        violations.Require(
            Enum.IsDefined(request.By), "by", $"is {(int)request.By}, which is none: send behaviour, text or both, or leave it out");
        CheckExplain(violations, request.Explain);
        if (request.UserId.Length > 0)
        {
            CheckId(violations, "user_id", request.UserId);
        }

        CheckExclusions(violations, request.ExcludeItemIds.Count);
        FilterRules.Check(violations, request.Filter);
        violations.Throw();
        return (seeds, CountOf(request.Count));
    }

    /// <summary>Positions of each slate.</summary>
    public static int Check(RecommendManyRequest request)
    {
        var violations = new Violations();
        violations.Require(
            request.UserIds.Count is >= 1 and <= MaxUsers,
            "user_ids",
            $"has {request.UserIds.Count} ids: send 1 to {MaxUsers} in a call");
        if (request.UserIds.Count <= MaxUsers)
        {
            for (var i = 0; i < request.UserIds.Count && violations.None; i++)
            {
                CheckId(violations, $"user_ids[{i}]", request.UserIds[i]);
            }
        }

        if (request.Slate is { } slate)
        {
            violations.Require(slate.UserId.Length == 0, "slate.user_id", "is set: name users in user_ids");
            CheckSlate(violations, slate);
        }

        violations.Throw();
        return CountOf(request.Slate?.Count ?? 0);
    }

    /// <summary>How many items are asked for.</summary>
    public static int Check(SearchRequest request)
    {
        var violations = new Violations();
        violations.Require(!string.IsNullOrWhiteSpace(request.Query), "query", "is required: send what is looked for");
        CheckQuery(violations, request.Query);
        CheckCount(violations, request.Count);
        CheckExplain(violations, request.Explain);
        if (request.UserId.Length > 0)
        {
            CheckId(violations, "user_id", request.UserId);
        }

        CheckExclusions(violations, request.ExcludeItemIds.Count);
        FilterRules.Check(violations, request.Filter);
        violations.Throw();
        return CountOf(request.Count);
    }

    /// <summary>How many texts are asked for.</summary>
    public static int Check(SuggestRequest request)
    {
        var violations = new Violations();
        violations.Require(!string.IsNullOrWhiteSpace(request.Prefix), "prefix", "is required: send what is typed so far");
        CheckQuery(violations, request.Prefix, "prefix");
        violations.Require(
            request.Count <= MaxSuggestions,
            "count",
            $"is {request.Count}; ask for 1 to {MaxSuggestions} texts, or 0 for {DefaultSuggestions}");
        if (request.UserId.Length > 0)
        {
            CheckId(violations, "user_id", request.UserId);
        }

        violations.Throw();
        return request.Count == 0 ? DefaultSuggestions : (int)request.Count;
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

    private static void CheckSlate(Violations violations, RecommendRequest slate)
    {
        var found = new Violations();
        Check(found, slate, needsUser: false);
        foreach (var (field, description) in found.Found)
        {
            violations.Add($"slate.{field}", description);
        }
    }

    private static AsOfToken? Check(Violations violations, RecommendRequest request, bool needsUser)
    {
        if (needsUser)
        {
            CheckId(violations, "user_id", request.UserId);
        }

        CheckCount(violations, request.Count);
        CheckExclusions(violations, request.ExcludeItemIds.Count);
        var asOf = needsUser ? ReadToken(violations, request.AsOf) : null;
        violations.Require(
            request.AsOf.Length == 0 || needsUser, "as_of", "is of a user's event, and no user is named: send user_id, or leave it empty");
        violations.Require(
            request.ContextItemIds.Count <= MaxContext,
            "context_item_ids",
            $"has {request.ContextItemIds.Count} ids; send at most {MaxContext}, the last of the session");
        violations.Require(
            request.PageToken.Length == 0 || PagesBefore(request) is not null,
            "page_token",
            "is no token; send the next_page_token of an answer as it came, or leave it empty");
        CheckQuery(violations, request.Query);
        violations.LimitId("placement", request.Placement, MaxPlacement);
        violations.Require(
            request.Diversity is >= 0 and <= 1,
            "diversity",
            $"is {request.Diversity}: send 0 (by score alone) to 1 (as unlike as can be), or leave it out");
        CheckExplain(violations, request.Explain);
        FilterRules.Check(violations, request.Filter);
        return asOf;
    }

    private static void CheckQuery(Violations violations, string query, string field = "query")
        => violations.Require(
            !IdRules.IsLonger(query, MaxQuery), field, $"is longer than {MaxQuery} characters: send what somebody would type");

    private static void CheckCount(Violations violations, uint count)
        => violations.Require(count <= MaxCount, "count", $"is {count}; ask for 1 to {MaxCount} positions, or 0 for {DefaultCount}");

    private static void CheckExclusions(Violations violations, int count)
        => violations.Require(count <= MaxExclusions, "exclude_item_ids", $"has {count} ids; send at most {MaxExclusions}");

    private static void CheckExplain(Violations violations, ExplainLevel level)
        => violations.Require(
            Enum.IsDefined(level), "explain", $"is {(int)level}, which is none: send none, reasons or full, or leave it out");

    private static int CountOf(uint count) => count == 0 ? DefaultCount : (int)count;
}
