using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Shadow;

/// <summary>Which organic positives are scored as shadow slates.</summary>
public sealed class ShadowOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Ranking:Shadow";

    /// <summary>Shadow slates a second that this process makes at most, on average; the share of events taken follows from how many arrive. 0: none.</summary>
    /// <value>50</value>
    [Range(0, 100_000)]
    public double TargetPerSecond { get; set; } = 50;

    /// <summary>Largest share of the organic positives that is taken, 0 to 1.</summary>
    /// <value>1</value>
    [Range(0, 1)]
    public double MaxShare { get; set; } = 1;

    /// <summary>Learns from items that the user had before, too, against lists in which such items compete; only where the profile can be rolled back exactly.</summary>
    /// <value>false</value>
    public bool Repeats { get; set; }
}

/// <summary>Checks <see cref="ShadowOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ShadowOptionsValidator : IValidateOptions<ShadowOptions>;
