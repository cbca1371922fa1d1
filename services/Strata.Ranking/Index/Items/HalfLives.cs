namespace Strata.Ranking.Index.Items;

/// <summary>Half-lives of the activity's decayed sums, as strata.activity.v1 defines them, and the decay of the user's own items.</summary>
public static class HalfLives
{
    /// <summary>Number of popularities of an item.</summary>
    public const int Count = 6;

    /// <summary>Index of the popularity at 1 h.</summary>
    public const int Hour = 0;

    /// <summary>Index of the popularity at 3 h.</summary>
    public const int ThreeHours = 1;

    /// <summary>Index of the popularity at 1 d.</summary>
    public const int Day = 2;

    /// <summary>Index of the popularity at 7 d.</summary>
    public const int Week = 3;

    /// <summary>Index of the popularity at 60 d.</summary>
    public const int TwoMonths = 4;

    /// <summary>Index of the popularity without decay.</summary>
    public const int Ever = 5;

    /// <summary>Halvings a millisecond of co-visits and first touches (90 d).</summary>
    public const double CoVisitRate = 1 / (90 * DayMs);

    /// <summary>Halvings a millisecond of transitions and of own counts (60 d).</summary>
    public const double TransitionRate = 1 / (60 * DayMs);

    /// <summary>Halvings a millisecond of a user's long interest (30 d).</summary>
    public const double LongRate = 1 / (30 * DayMs);

    /// <summary>Halvings a millisecond of a user's short interest (1 h).</summary>
    public const double ShortRate = 24 / DayMs;

    private const double DayMs = 86_400_000;

    /// <summary>Halvings a millisecond of each popularity; 0: no decay.</summary>
    public static ReadOnlySpan<double> PopularityRates => [24 / DayMs, 8 / DayMs, 1 / DayMs, 1 / (7 * DayMs), 1 / (60 * DayMs), 0];

    /// <summary>2^(−elapsed · rate); 1 for an elapsed time of zero or less.</summary>
    public static double Factor(double elapsedMs, double rate) => elapsedMs <= 0 ? 1 : double.Exp2(-elapsedMs * rate);
}
