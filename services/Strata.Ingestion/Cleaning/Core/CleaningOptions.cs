using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ingestion.Cleaning.Core;

/// <summary>The rules of cleaning, each with its switch.</summary>
public sealed class CleaningOptions
{
    public const string SectionName = "Ingestion:Cleaning";

    /// <summary>Whether texts are brought into one form (NFKC) and freed of what cannot be seen.</summary>
    /// <value>The default is true. Without it texts are trimmed only.</value>
    public bool Unicode { get; set; } = true;

    /// <summary>Whether an event from a clock that runs ahead, within Ingestion:Events:MaxAhead, is dated by its receipt.</summary>
    /// <value>The default is true. Without it the producer's time stays.</value>
    public bool Times { get; set; } = true;

    /// <summary>Whether a CART or a PURCHASE without a quantity counts as one piece.</summary>
    /// <value>The default is true. Without it the quantity stays unknown.</value>
    public bool Defaults { get; set; } = true;

    /// <summary>Amounts.</summary>
    [ValidateObjectMembers]
    public NumbersOptions Numbers { get; set; } = new();

    /// <summary>Languages of texts.</summary>
    public LanguagesOptions Languages { get; set; } = new();

    /// <summary>Robots.</summary>
    [ValidateObjectMembers]
    public BotsOptions Bots { get; set; } = new();

    /// <summary>Repeated acts.</summary>
    [ValidateObjectMembers]
    public RepeatsOptions Repeats { get; set; } = new();
}

/// <summary>Amounts above their limit count as the limit: one slip of a keyboard is not to outweigh everybody.</summary>
public sealed class NumbersOptions
{
    /// <summary>Whether amounts are held to their limits.</summary>
    /// <value>The default is true. Without it only what is no amount at all is refused.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Most pieces of one act.</summary>
    /// <value>The default is 100,000.</value>
    [Range(1, 1_000_000_000)]
    public int MaxQuantity { get; set; } = 100_000;

    /// <summary>Longest time for which an item is looked at.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan MaxDwell { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Highest price of one piece.</summary>
    /// <value>The default is 1,000,000.</value>
    [Range(1, 1e12)]
    public double MaxPrice { get; set; } = 1_000_000;
}

/// <summary>Which languages texts may be in.</summary>
public sealed class LanguagesOptions
{
    /// <summary>Whether a text without a language is given one.</summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Languages whose searches are taken, as primary subtags ("en", "ja"); one whose language is not told ("und") always is. Empty: all.
    /// </summary>
    /// <value>The default is empty.</value>
    public IList<string> Accepted { get; init; } = [];
}

/// <summary>
/// What no person does. What a basket holds at one time (CART, PURCHASE) is one act. Goes by the events' own time.
/// </summary>
public sealed class BotsOptions
{
    /// <summary>Whether a robot's events are set aside.</summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Acts of one user in a minute; beyond it they are set aside until a minute's quota is free again.</summary>
    /// <value>The default is 600.</value>
    [Range(1, 1_000_000)]
    public int ActsPerMinute { get; set; } = 600;

    /// <summary>Acts in a row at one and the same distance, after which the next ones are set aside as long as it lasts.</summary>
    /// <value>The default is 100.</value>
    [Range(10, 1_000_000)]
    public int RegularActs { get; set; } = 100;

    /// <summary>How far a distance may lie from the mean of those before it and still count as the same, as a share of that mean.</summary>
    /// <value>The default is 0.05.</value>
    [Range(0, 1)]
    public double RegularTolerance { get; set; } = .05;

    /// <summary>Longest distance that can be a robot's beat: what comes once a day is a habit.</summary>
    /// <value>The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan RegularMax { get; set; } = TimeSpan.FromMinutes(10);
}

/// <summary>The same VIEW, CLICK, SEARCH, LIKE or DISMISS of the same user again.</summary>
public sealed class RepeatsOptions
{
    /// <summary>Whether repeats are taken once.</summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>How far apart, by their own time, two acts are one.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class CleaningOptionsValidator : IValidateOptions<CleaningOptions>;
