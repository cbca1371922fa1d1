using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Scoring.Core;

/// <summary>Which policy is served.</summary>
public sealed class ScoringOptions
{
    public const string SectionName = "Ranking:Scoring";

    /// <summary>Name of the policy on strata.policy.v1 that is served.</summary>
    /// <value>"default".</value>
    [Required]
    public string Policy { get; set; } = "default";
}

[OptionsValidator]
internal sealed partial class ScoringOptionsValidator : IValidateOptions<ScoringOptions>;
