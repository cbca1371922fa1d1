using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Browse;

/// <summary>How the calls for operators behave.</summary>
public sealed class BrowseOptions
{
    public const string SectionName = "Ranking:Browse";

    /// <summary>How long an operator's call waits for the reducer to say what became of a move.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MoveTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class BrowseOptionsValidator : IValidateOptions<BrowseOptions>;
