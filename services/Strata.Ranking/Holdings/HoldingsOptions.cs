using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Holdings;

/// <summary>How the calls on what is held of a user behave.</summary>
public sealed class HoldingsOptions
{
    public const string SectionName = "Ranking:Holdings";

    /// <summary>
    /// How long ForgetUser waits until every service has forgotten, and MergeUsers until all is handed over; what was asked for is done all
    /// the same.
    /// </summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ForgetTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class HoldingsOptionsValidator : IValidateOptions<HoldingsOptions>;
