using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Impressions;

/// <summary>How impressions leave the process.</summary>
public sealed class ImpressionsOptions
{
    public const string SectionName = "Ranking:Impressions";

    /// <summary>
    /// Impressions that may wait to be published (about 4 KiB each); further ones are dropped and counted, because a request never waits.
    /// </summary>
    /// <value>10000</value>
    [Range(1, 10_000_000)]
    public int Capacity { get; set; } = 10_000;

    /// <summary>Impressions on their way to the broker at once.</summary>
    /// <value>256</value>
    [Range(1, 100_000)]
    public int InFlight { get; set; } = 256;

    /// <summary>
    /// How long impressions are gathered, so that the broker takes many at once: each that comes alone costs it as much as a request. What
    /// they lead to comes seconds later.
    /// </summary>
    /// <value>100 milliseconds</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan Gather { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Impressions say what was told of each item and what made its score, so that Users.GetShownSlate can give the slate back as it was
    /// (about 600 bytes a slate and 80 an item, before compression, of which many slates of one policy repeat the first).
    /// </summary>
    /// <value>true</value>
    public bool Explained { get; set; } = true;

    /// <summary>A warning about lost impressions is written at most this often.</summary>
    /// <value>10 seconds</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan WarningInterval { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class ImpressionsOptionsValidator : IValidateOptions<ImpressionsOptions>;
