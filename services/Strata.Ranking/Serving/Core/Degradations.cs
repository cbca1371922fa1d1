namespace Strata.Ranking.Serving.Core;

/// <summary>Words for the fallbacks that a slate was made with.</summary>
internal static class Degradations
{
    /// <summary>Nothing is known of the user: cold start.</summary>
    public const string NoProfile = "no-profile";

    /// <summary>No layer set was published yet.</summary>
    public const string NoLayers = "no-layers";

    /// <summary>The online store did not answer in time or not at all.</summary>
    public const string StoreTimeout = "store-timeout";

    /// <summary>A value of the user's in the online store cannot be used; it counts as absent.</summary>
    public const string StateUnreadable = "state-unreadable";

    /// <summary>
    /// The broker is away: items, activity, layers and policy are those of before. Or the store takes no writes: users are.
    /// </summary>
    public const string Stale = "stale";

    /// <summary>The user has everything that is alive: what they had comes again.</summary>
    public const string RepeatsForced = "repeats-forced";

    /// <summary>The user had and dismissed more than is remembered: the oldest of it may come again.</summary>
    public const string OldestForgotten = "oldest-forgotten";

    /// <summary>The sources proposed too few items that the request's filter allows: others from anywhere are among them.</summary>
    public const string Widened = "widened";

    /// <summary>Nobody said in time what the request's query means: the answer does without it.</summary>
    public const string QueryUnread = "query-unread";

    /// <summary>Nothing that is alive is allowed, or the catalogue is empty.</summary>
    public const string NoItems = "no-items";
}
