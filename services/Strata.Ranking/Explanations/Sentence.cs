namespace Strata.Ranking.Explanations;

/// <summary>The kinds of sentences that answers speak in; each stands in every file of Languages under its name.</summary>
internal enum Sentence
{
    /// <summary>{0}: title of an item of the user's, as of the next six.</summary>
    Together,
    Next,
    LookedAt,
    Liked,
    Carted,
    Bought,

    /// <summary>{0}: the query.</summary>
    Searched,

    /// <summary>{0}: another sentence; {1}: words of the item's layer.</summary>
    InLayer,

    /// <summary>{0}: words of the item's layer, as of all that end with In, From or Of.</summary>
    TrendingIn,
    PopularToday,
    PopularTodayIn,
    PopularThisWeek,
    PopularThisWeekIn,
    PopularWithOthers,
    PopularWithOthersIn,
    New,
    NewIn,
    HadBefore,
    Different,
    DifferentFrom,
    Catalogue,
    CatalogueOf,

    /// <summary>{0}: another sentence; {1}: how often the item was shown, more than once.</summary>
    PassedOver,

    /// <summary>{0}: title of an item asked about.</summary>
    ReadsLike,

    /// <summary>{0}: the query.</summary>
    Answers,

    /// <summary>Why not, as all that follow.</summary>
    NotAlive,
    Hidden,
    Announced,
    Had,
    Dismissed,
    Muted,
    Excluded,
    Variant,
    Filtered,
    NotProposed,

    /// <summary>{0}: 1-based rank.</summary>
    Behind,

    /// <summary>{0}: 1-based rank; {1}: how often the item was shown, more than once.</summary>
    Tired,

    /// <summary>{0}: 1-based rank.</summary>
    Outplaced,

    /// <summary>{0}: name of a rule.</summary>
    Ruled,
    InSlate,

    /// <summary>What stands between the words of a layer.</summary>
    Separator,
}
