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

    /// <summary>
    /// The most that an item's score sinks because its user was shown it and did not choose it: at 1.5 its odds of being chosen are taken
    /// to be e^−1.5, .22 of what they would be. Not while their last act is a search: who searches again often means what they saw. 0: it
    /// does not sink.
    /// </summary>
    /// <value>1.5.</value>
    [Range(0.0, 20.0)]
    public double FatigueMost { get; set; } = 1.5;

    /// <summary>
    /// How often an item must have been shown at the head of a slate, with nothing decayed, so that its score sinks by half of
    /// <see cref="FatigueMost"/>. A place further down counts by how likely it is looked at: the fifth .39, the tenth .29.
    /// </summary>
    /// <value>3.</value>
    [Range(0.1, 1000.0)]
    public double FatigueTimes { get; set; } = 3;
}

[OptionsValidator]
internal sealed partial class ScoringOptionsValidator : IValidateOptions<ScoringOptions>;
