using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;

namespace Strata.Ranking.Users.Core;

/// <summary>What a caller knows of a user's moment before any event says it.</summary>
public static class SessionState
{
    private const uint Clicked = 1u << (int)EventKind.Click;

    /// <summary>
    /// The user as if they had just clicked items and then typed a query; what the store has stays as it is. What they dismissed stays
    /// dismissed.
    /// </summary>
    /// <param name="user">Of the store.</param>
    /// <param name="itemIds">Items, oldest first.</param>
    /// <param name="query">Described as a profile's queries are; null: none was typed.</param>
    /// <param name="nowMs">Time of the request, Unix milliseconds.</param>
    public static UserState With(UserState user, IReadOnlyList<string> itemIds, ProfileQuery? query, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(itemIds);
        if (itemIds.Count == 0 && query is null)
        {
            return user;
        }

        var profile = user.Profile?.Clone() ?? new Profile();
        foreach (var id in itemIds)
        {
            Touch(profile, id, nowMs);
        }

        if (query is not null)
        {
            var typed = query.Clone();
            typed.TimeUnixMs = Math.Max(profile.LastEventUnixMs, nowMs);
            profile.Queries.Insert(0, typed);
        }

        profile.LastEventUnixMs = Math.Max(profile.LastEventUnixMs, nowMs);
        return user with { Profile = profile };
    }

    private static void Touch(Profile profile, string id, long nowMs)
    {
        var known = profile.Items.FirstOrDefault(item => item.ItemId == id);
        if (known is not null && UserHistory.Dismissed(known))
        {
            return;
        }

        if (known is not null)
        {
            profile.Items.Remove(known);
        }

        profile.Items.Insert(0, new ProfileItem
        {
            ItemId = id,
            LastUnixMs = nowMs,
            Kinds = (known?.Kinds ?? 0) | Clicked,
            Count = (known?.Count ?? 0) + 1,
        });
    }
}
