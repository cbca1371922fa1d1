namespace Strata.Evaluator.Sessions;

/// <summary>Which of the judged queries are searched.</summary>
internal enum QueryPart
{
    /// <summary>Every other query in the order of their texts, from the first: to develop on.</summary>
    Develop,

    /// <summary>The others: to judge.</summary>
    Judge,

    /// <summary>All.</summary>
    All,
}

/// <summary>Sessions to make.</summary>
internal sealed record SessionOptions
{
    /// <summary>Which queries.</summary>
    public QueryPart Part { get; init; } = QueryPart.Judge;

    /// <summary>Clicks, at least; half of them have nothing to do with a search.</summary>
    public int Clicks { get; init; } = 4_000;

    /// <summary>Users.</summary>
    public int Users { get; init; } = 300;

    /// <summary>Seed of every chance.</summary>
    public int Seed { get; init; } = 1;
}
