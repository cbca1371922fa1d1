namespace Strata.RankingModel;

/// <summary>
/// The candidate sources in the order in which policies and training examples name them by index. New ones are added at the end.
/// </summary>
public static class SourceSchema
{
    /// <summary>Most popular at the half-life 1 h.</summary>
    public const int Popular1h = 0;

    /// <summary>Most popular at the half-life 3 h.</summary>
    public const int Popular3h = 1;

    /// <summary>Most popular at the half-life 1 d.</summary>
    public const int Popular1d = 2;

    /// <summary>Most popular at the half-life 7 d.</summary>
    public const int Popular7d = 3;

    /// <summary>Most popular at the half-life 60 d.</summary>
    public const int Popular60d = 4;

    /// <summary>Most popular ever.</summary>
    public const int PopularAll = 5;

    /// <summary>Newest first.</summary>
    public const int Fresh = 6;

    /// <summary>Co-visited with the last three items.</summary>
    public const int Neighbours3 = 7;

    /// <summary>Co-visited with the last five items.</summary>
    public const int Neighbours5 = 8;

    /// <summary>Co-visited with the last item.</summary>
    public const int Neighbours1 = 9;

    /// <summary>What came next after the last five items.</summary>
    public const int Next = 10;

    /// <summary>Text like the recent items.</summary>
    public const int RecentText = 11;

    /// <summary>Text like one of the user's layers.</summary>
    public const int Layers = 12;

    /// <summary>Popular in the user's layers.</summary>
    public const int TrendingInLayer = 13;

    /// <summary>Text like any one of the last 20 items.</summary>
    public const int Nearest = 14;

    /// <summary>Text like the last queries.</summary>
    public const int Search = 15;

    /// <summary>What the user already had, where repeats are allowed.</summary>
    public const int Repeat = 16;

    /// <summary>Popular where users with the same attributes choose, for a user without a history.</summary>
    public const int Cohort = 17;

    private static readonly string[] Ordered =
    [
        "popular_1h", "popular_3h", "popular_1d", "popular_7d", "popular_60d", "popular_all", "fresh", "neighbours_3", "neighbours_5",
        "neighbours_1", "next", "recent_text", "layers", "trending_in_layer", "nearest", "search", "repeat",
        "cohort",
    ];

    /// <summary>Names, by index.</summary>
    public static IReadOnlyList<string> Names => Ordered;

    /// <summary>Number of sources.</summary>
    public static int Count => Ordered.Length;
}
