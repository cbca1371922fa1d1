using Strata.RankingModel;

namespace Strata.Ranking.Explanations;

/// <summary>Kinds of reasons that people understand.</summary>
internal enum ReasonFamily
{
    /// <summary>Nothing of its own to say.</summary>
    None,

    /// <summary>Chosen by the same people as an item of the user's.</summary>
    Together,

    /// <summary>Chosen after an item of the user's.</summary>
    Next,

    /// <summary>Reads like an item of the user's.</summary>
    Text,

    /// <summary>Reads like a query of the user's.</summary>
    Search,

    /// <summary>Popular in a layer of the user's.</summary>
    Trending,

    /// <summary>Popular lately.</summary>
    Popular,

    /// <summary>New.</summary>
    Fresh,

    /// <summary>The user had it before.</summary>
    Repeat,
}

/// <summary>Which family a feature or a source speaks for.</summary>
internal static class ReasonFamilies
{
    /// <summary>Number of families.</summary>
    public const int Count = (int)ReasonFamily.Repeat + 1;

    public static ReasonFamily OfFeature(int feature) => feature switch
    {
        (>= FeatureSchema.Neighbours1Share and <= FeatureSchema.Neighbours5Log)
            or FeatureSchema.NeighboursAllLog or FeatureSchema.NeighboursAllRoot => ReasonFamily.Together,
        FeatureSchema.NextShare or FeatureSchema.NextLog or FeatureSchema.NextSharpLog or FeatureSchema.NextOneLog => ReasonFamily.Next,
        FeatureSchema.RecentText or FeatureSchema.Layers or FeatureSchema.Centroid or FeatureSchema.Nearest or FeatureSchema.LastText
            or FeatureSchema.LayerShort or FeatureSchema.LayerLong => ReasonFamily.Text,
        FeatureSchema.Search => ReasonFamily.Search,
        FeatureSchema.TrendingInLayer or FeatureSchema.LayerPopularity => ReasonFamily.Trending,
        FeatureSchema.PopularAll or FeatureSchema.Popular3h or FeatureSchema.Popular1d or FeatureSchema.Popular7d
            or FeatureSchema.Popular60d or FeatureSchema.Popular60dRank or FeatureSchema.Popular1h or FeatureSchema.Popular1hRank
            or FeatureSchema.Popular1dRank or FeatureSchema.TouchedSince => ReasonFamily.Popular,
        FeatureSchema.Age or FeatureSchema.AgeMinutes or FeatureSchema.BornSince or FeatureSchema.FreshRank => ReasonFamily.Fresh,
        FeatureSchema.OwnCount or FeatureSchema.OwnIdle or FeatureSchema.Owned => ReasonFamily.Repeat,
        _ => ReasonFamily.None,
    };

    public static ReasonFamily OfSource(int source) => source switch
    {
        SourceSchema.Neighbours1 or SourceSchema.Neighbours3 or SourceSchema.Neighbours5 => ReasonFamily.Together,
        SourceSchema.Next => ReasonFamily.Next,
        SourceSchema.RecentText or SourceSchema.Layers or SourceSchema.Nearest => ReasonFamily.Text,
        SourceSchema.Search => ReasonFamily.Search,
        SourceSchema.TrendingInLayer => ReasonFamily.Trending,
        SourceSchema.Fresh => ReasonFamily.Fresh,
        SourceSchema.Repeat => ReasonFamily.Repeat,
        _ => ReasonFamily.Popular,
    };
}
