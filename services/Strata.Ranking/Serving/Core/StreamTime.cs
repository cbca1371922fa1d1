using Strata.Ranking.Index.Core;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Serving.Core;

/// <summary>
/// What "now" is to a request: the event time that the stream has reached, or the user's own newest event where that is later. So a replay
/// ranks as it would have then, and a user whose events run ahead moves their own clock only. Before any event the wall clock serves.
/// </summary>
internal static class StreamTime
{
    /// <summary>Unix milliseconds.</summary>
    public static long NowMs(CatalogueView view, UserState user, DateTimeOffset wallClock)
        => Math.Max(view.StreamTimeMs, user.Profile?.LastEventUnixMs ?? 0) is > 0 and var newest
            ? newest
            : wallClock.ToUnixTimeMilliseconds();
}
