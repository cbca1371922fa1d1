using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Serving.Core;

/// <summary>Names the operators' rules that had a say.</summary>
internal static class AppliedRules
{
    /// <summary>Rules that put an item where it is: the one that pinned it, or those that bury it.</summary>
    public static IEnumerable<string> Of(RankingRequest request, PlacedItem placed)
        => placed.Pin is { } pin
            ? [pin]
            : request.Constraints.Rules is null ? []
            : Speaking(request, placed.Item).Where(rule => rule.Action == SlateRuleAction.Bury).Select(rule => rule.Name);

    /// <summary>Those of all items, and caps that are reached, in the order of the rules.</summary>
    public static IEnumerable<string> Of(RankingRequest request, IReadOnlyList<PlacedItem> slate)
    {
        if (request.Constraints.Rules is null)
        {
            return [];
        }

        var said = slate.SelectMany(placed => Of(request, placed)).ToHashSet(StringComparer.Ordinal);
        return (request.Constraints.Rules ?? []).Where(rule => said.Contains(rule.Name) || IsReached(request, rule, slate))
            .Select(rule => rule.Name);
    }

    /// <summary>
    /// The rule that keeps an item out of a slate which its score would not keep it out of: one that buries or caps it, or the first that
    /// pins another where its rank would be in the slate; null: none does.
    /// </summary>
    public static string? KeepingOut(RankingRequest request, int item, int rank, IReadOnlyList<PlacedItem> slate)
        => Speaking(request, item).FirstOrDefault(
            rule => rule.Action == SlateRuleAction.Bury || IsReached(request, rule, slate))?.Name
            ?? (rank >= 0 && rank < slate.Count ? slate.FirstOrDefault(placed => placed.Pin is not null).Pin : null);

    private static IEnumerable<SlateRule> Speaking(RankingRequest request, int item)
        => (request.Constraints.Rules ?? []).Where(rule => rule.SpeaksOf(request.View, item));

    private static bool IsReached(RankingRequest request, SlateRule rule, IReadOnlyList<PlacedItem> slate)
        => rule.Action == SlateRuleAction.Cap && slate.Count(placed => rule.SpeaksOf(request.View, placed.Item)) >= rule.Places;
}
