using Strata.Contracts.Events.V1;

namespace Strata.Optimizer.Outcomes.Core;

/// <summary>
/// Which event is the outcome of which impression. Clicks, likes, carts and purchases choose an item; a dismissal says that it was not
/// wanted after all, whatever else was done. A view is too weak: a page may be looked at in passing.
/// <para>Said outright: the event carries the slate's request id. Inferred: it carries none, follows within the shorter window, and no
/// later slate showed the item before it.</para>
/// Repeated events change nothing, because an item is chosen or not.
/// </summary>
internal static class Attribution
{
    /// <summary>Whether an event of this kind can decide an outcome.</summary>
    public static bool Decides(EventKind kind)
        => kind is EventKind.Click or EventKind.Like or EventKind.Cart or EventKind.Purchase or EventKind.Dismiss;

    /// <summary>Whether the event belongs to the impression.</summary>
    /// <param name="impression">Impression.</param>
    /// <param name="act">Event of the same user.</param>
    /// <param name="open">All of the user's unresolved impressions, oldest first.</param>
    /// <param name="options">Windows.</param>
    public static bool Belongs(OpenImpression impression, HeldEvent act, IReadOnlyList<OpenImpression> open, OutcomesOptions options)
    {
        var elapsed = impression.ElapsedAt(act.TimeUnixMs);
        if (act.RequestId.Length > 0)
        {
            // No lower bound: a client's clock may be behind, and the request id leaves no doubt.
            return act.RequestId == impression.RequestId
                && (elapsed <= options.Window.TotalMilliseconds
                    || Math.Abs(act.TimeUnixMs - impression.ServedUnixMs) <= options.Window.TotalMilliseconds)
                && impression.IndexOf(act.ItemId) >= 0;
        }

        return elapsed >= 0
            && elapsed <= options.ImplicitWindow.TotalMilliseconds
            && options.ImplicitWindow > TimeSpan.Zero
            && impression.IndexOf(act.ItemId) >= 0
            && !open.Any(later
                => later.Offset > impression.Offset && later.ElapsedAt(act.TimeUnixMs) >= 0 && later.IndexOf(act.ItemId) >= 0);
    }

    /// <summary>What was chosen and what was dismissed, in slate order, by the events that belong to the impression.</summary>
    public static ResolvedImpression Choose(OpenImpression impression, IEnumerable<HeldEvent> acts)
    {
        var chosen = new SortedSet<int>();
        var dismissed = new SortedSet<int>();
        foreach (var act in acts)
        {
            var index = impression.IndexOf(act.ItemId);
            _ = act.Dismisses ? dismissed.Add(index) : chosen.Add(index);
        }

        chosen.ExceptWith(dismissed);
        return new ResolvedImpression(impression, [.. chosen]) { Dismissed = [.. dismissed] };
    }
}
