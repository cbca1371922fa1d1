namespace Strata.RankingModel;

/// <summary>
/// The features of a candidate, in the order in which they lie in vectors, messages and weights. Ranking computes them, the learner gives
/// them weights. Changing names, order or a formula makes another <see cref="Version"/>: weights and examples of two versions never meet.
/// Notation: p_h decayed count of the item's events at half-life h, all sums scaled to the time of the request; ε the
/// <see cref="LeastAffinity"/> of the catalogue.
/// </summary>
public static class FeatureSchema
{
    /// <summary>Version of names, order and formulas.</summary>
    public const uint Version = 4;

    /// <summary>log(0.5 + p_∞).</summary>
    public const int PopularAll = 0;

    /// <summary>log(0.02 + p_3h).</summary>
    public const int Popular3h = 1;

    /// <summary>log(0.02 + p_1d).</summary>
    public const int Popular1d = 2;

    /// <summary>log(0.02 + p_7d).</summary>
    public const int Popular7d = 3;

    /// <summary>log(0.02 + p_60d).</summary>
    public const int Popular60d = 4;

    /// <summary>log(1 + age in hours); 12 when unknown.</summary>
    public const int Age = 5;

    /// <summary>log(1 + hours since the item's last event); 12 when there was none.</summary>
    public const int Idle = 6;

    /// <summary>√(next / largest next of the request).</summary>
    public const int NextShare = 7;

    /// <summary>log(ε + next).</summary>
    public const int NextLog = 8;

    /// <summary>Cosine to the user's recent items.</summary>
    public const int RecentText = 9;

    /// <summary>Largest share^0.3 · cosine over the user's layers.</summary>
    public const int Layers = 10;

    /// <summary>√ of the item's layer's share of the user's recent items.</summary>
    public const int LayerShort = 11;

    /// <summary>√ of the item's layer's share of the user's items, half-life 30 d.</summary>
    public const int LayerLong = 12;

    /// <summary>log(1e-4 + p_7d / Σ p_7d of the item's layer).</summary>
    public const int LayerPopularity = 13;

    /// <summary>10 / (10 + rank) in the source fresh; 0 outside its list.</summary>
    public const int FreshRank = 14;

    /// <summary>10 / (10 + rank) in the source popular_60d; 0 outside its list.</summary>
    public const int Popular60dRank = 15;

    /// <summary>√(neighbours_1 / largest of the request).</summary>
    public const int Neighbours1Share = 16;

    /// <summary>log(ε + neighbours_1).</summary>
    public const int Neighbours1Log = 17;

    /// <summary>√(neighbours_3 / largest of the request).</summary>
    public const int Neighbours3Share = 18;

    /// <summary>log(ε + neighbours_3).</summary>
    public const int Neighbours3Log = 19;

    /// <summary>√(neighbours_5 / largest of the request).</summary>
    public const int Neighbours5Share = 20;

    /// <summary>log(ε + neighbours_5).</summary>
    public const int Neighbours5Log = 21;

    /// <summary>Cosine to the decayed mean of all the user's items.</summary>
    public const int Centroid = 22;

    /// <summary>Largest cosine to one of the user's last 20 items.</summary>
    public const int Nearest = 23;

    /// <summary>log(1e-3 + (long + short share of the item's layer) · p_7d).</summary>
    public const int TrendingInLayer = 24;

    /// <summary>|log(1e-3 + p_7d) − the user's mean of it|; 0 for a user without items.</summary>
    public const int PopularityDistance = 25;

    /// <summary>|log(1 + age in hours) − the user's mean of it|; 0 for a user without items.</summary>
    public const int AgeDistance = 26;

    /// <summary>log(1e-2 + the user's own decayed count of the item, half-life 60 d) where repeats are allowed, else 0.</summary>
    public const int OwnCount = 27;

    /// <summary>
    /// Largest score by one of the user's last three queries, words and meaning together on the scale of a cosine, older ones weighing
    /// less; 0 without a query of the last day.
    /// </summary>
    public const int Search = 28;

    /// <summary>log(0.02 + p_1h).</summary>
    public const int Popular1h = 29;

    /// <summary>
    /// log(1 + minutes since the item's last event); 16 when there was none. Beside <see cref="Idle"/>, which cannot tell minutes apart.
    /// </summary>
    public const int IdleMinutes = 30;

    /// <summary>Cosine to the user's last item.</summary>
    public const int LastText = 31;

    /// <summary>log(ε + what came next after the last three items, at 0.4^k).</summary>
    public const int NextSharpLog = 32;

    /// <summary>log(ε + B[j][i₀] / (nB[j] + 2)): how often the user's last item came next after this one.</summary>
    public const int PreviousLog = 33;

    /// <summary>log(ε + co-visits with all the items remembered of the user, at 0.97^k): a basket is like all those before it.</summary>
    public const int NeighboursAllLog = 34;

    /// <summary>10 / (10 + rank) in the source popular_1h; 0 outside its list.</summary>
    public const int Popular1hRank = 35;

    /// <summary>10 / (10 + rank) in the source popular_1d; 0 outside its list.</summary>
    public const int Popular1dRank = 36;

    /// <summary>log(1 + age in minutes); 16 when unknown.</summary>
    public const int AgeMinutes = 37;

    /// <summary>log(1 + hours since the user last had this item) where repeats are allowed and they had it, else 0.</summary>
    public const int OwnIdle = 38;

    /// <summary>1 where repeats are allowed and the user had this item, else 0.</summary>
    public const int Owned = 39;

    /// <summary>
    /// (popular_all − 3)²: how popular is right has a middle. The 3 lies near the mean, so that this and popular_all say two things.
    /// </summary>
    public const int PopularAllSquared = 40;

    /// <summary>(popular_7d − 1)².</summary>
    public const int Popular7dSquared = 41;

    /// <summary>(popular_60d − 2)².</summary>
    public const int Popular60dSquared = 42;

    /// <summary>(age − 6)².</summary>
    public const int AgeSquared = 43;

    /// <summary>(idle − 4)².</summary>
    public const int IdleSquared = 44;

    /// <summary>1 when the item came to be after the user's last event: they cannot have passed it over; else 0.</summary>
    public const int BornSince = 45;

    /// <summary>1 when somebody touched the item after the user's last event, else 0.</summary>
    public const int TouchedSince = 46;

    /// <summary>log(ε + what came next after the last item alone).</summary>
    public const int NextOneLog = 47;

    /// <summary>
    /// √ of the co-visits with all the items remembered of the user, at 0.97^k: beside <see cref="NeighboursAllLog"/>, which says most
    /// about the weakest.
    /// </summary>
    public const int NeighboursAllRoot = 48;

    /// <summary>
    /// Σ log of how much likelier than everybody users with one of the user's attributes are to choose from the item's layer; 0 for a user
    /// with a history.
    /// </summary>
    public const int Cohort = 49;

    private static readonly string[] Ordered =
    [
        "popular_all", "popular_3h", "popular_1d", "popular_7d", "popular_60d", "age", "idle", "next_share", "next_log", "recent_text",
        "layers",
        "layer_short", "layer_long", "layer_popularity", "fresh_rank", "popular_60d_rank", "neighbours_1_share", "neighbours_1_log",
        "neighbours_3_share", "neighbours_3_log", "neighbours_5_share", "neighbours_5_log", "centroid", "nearest", "trending_in_layer",
        "popularity_distance", "age_distance", "own_count", "search",
        "popular_1h", "idle_minutes", "last_text", "next_sharp_log", "previous_log", "neighbours_all_log", "popular_1h_rank",
        "popular_1d_rank", "age_minutes", "own_idle", "owned", "popular_all_squared", "popular_7d_squared", "popular_60d_squared",
        "age_squared", "idle_squared", "born_since", "touched_since",
        "next_one_log", "neighbours_all_root", "cohort",
    ];

    /// <summary>Names, by index.</summary>
    public static IReadOnlyList<string> Names => Ordered;

    /// <summary>Number of features.</summary>
    public static int Count => Ordered.Length;

    /// <summary>
    /// ε: co-visits and sequences below it are as good as none. 1e-4, but at least a tenth of what chance gives, 1 / items, so only
    /// catalogues of less than 1,000 items have more. Two clicks of one user are .33 of "what came next": that one of thousands comes next
    /// by chance is unlikely, that one of five does is not, and with 1e-4 both stood eight logarithms above none.
    /// It is of the same version as 1e-4 everywhere, before it: from 1,000 items on nothing is different, and in a smaller catalogue, whose
    /// ε falls as it grows, means and deviations of the features follow as they are learned.
    /// </summary>
    /// <param name="items">Items of the catalogue, more than 0.</param>
    public static double LeastAffinity(int items) => Math.Max(1e-4, 0.1 / items);
}
