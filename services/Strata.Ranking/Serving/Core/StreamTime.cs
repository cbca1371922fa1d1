using Strata.Ranking.Index.Core;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Serving.Core;

/// <summary>
/// What "now" is to a request: the newest event time that has arrived, in the activity or in the user's own profile. So a replay ranks as
/// it would have then. Before any event the wall clock serves.
/// </summary>
internal static class StreamTime
{
    /// <summary>Unix milliseconds.</summary>
    public static long NowMs(CatalogueView view, UserState user, DateTimeOffset wallClock)
        => Math.Max(view.NewestEventMs, user.Profile?.LastEventUnixMs ?? 0) is > 0 and var newest
            ? newest
            : wallClock.ToUnixTimeMilliseconds();
}
