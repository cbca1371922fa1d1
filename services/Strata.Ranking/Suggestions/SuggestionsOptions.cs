using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Suggestions;

/// <summary>What is suggested while somebody types.</summary>
public sealed class SuggestionsOptions
{
    public const string SectionName = "Ranking:Suggestions";

    /// <summary>
    /// A query is suggested only when at least this many different users sent it within <see cref="Window"/>: what a few type may name
    /// somebody.
    /// </summary>
    /// <value>5.</value>
    [Range(2, 1_000_000)]
    public int LeastUsers { get; set; } = 5;

    /// <summary>
    /// How long a search counts, in whole days of the events' time. Longer than strata.events.v1 keeps its records an instance that was
    /// started anew would know less than the others.
    /// </summary>
    /// <value>7 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Different queries that are held; beyond it a quarter is let go of, those of the fewest users first. A query takes some 250 bytes,
    /// and 4 more for each of up to 64 users a day.
    /// </summary>
    /// <value>100,000.</value>
    [Range(100, 10_000_000)]
    public int MaxQueries { get; set; } = 100_000;

    /// <summary>Time between two looks whether anything changed; only then the index is built anew.</summary>
    /// <value>30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Refresh { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class SuggestionsOptionsValidator : IValidateOptions<SuggestionsOptions>;
