using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Scoring.Core;

/// <summary>When learned weights are trusted.</summary>
public sealed class ScoringOptions
{
    public const string SectionName = "Ranking:Scoring";

    /// <summary>Name of the policy on strata.policy.v1 that is served.</summary>
    /// <value>"default".</value>
    [Required]
    public string Policy { get; set; } = "default";

    /// <summary>Learning steps from which on the weights decide; before, single sources do.</summary>
    /// <value>100.</value>
    [Range(1, 1_000_000)]
    public int MinimumSteps { get; set; } = 100;

    /// <summary>Decayed trials of the sources from which on their hit rates say which leads; before, a fixed mixture does.</summary>
    /// <value>20.</value>
    [Range(1, 1_000_000)]
    public double MinimumTrials { get; set; } = 20;
}

[OptionsValidator]
internal sealed partial class ScoringOptionsValidator : IValidateOptions<ScoringOptions>;
