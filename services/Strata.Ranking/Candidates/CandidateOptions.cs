using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Strata.RankingModel;

namespace Strata.Ranking.Candidates;

/// <summary>Where candidates come from.</summary>
public sealed class CandidateOptions
{
    public const string SectionName = "Ranking:Candidates";

    /// <summary>Names of the sources that propose candidates; empty: all. An unknown name stops the process at start.</summary>
    /// <value>Empty.</value>
    public IList<string> Sources { get; set; } = [];

    /// <summary>Items that each source proposes.</summary>
    /// <value>40.</value>
    [Range(1, 1000)]
    public int PerSource { get; set; } = 40;

    /// <summary>Candidates of a request, at most: the union of the sources, one from each in turn.</summary>
    /// <value>300.</value>
    [Range(1, 10_000)]
    public int Limit { get; set; } = 300;
}

[OptionsValidator]
internal sealed partial class CandidateOptionsValidator : IValidateOptions<CandidateOptions>;

internal sealed class CandidateSourceNamesValidator : IValidateOptions<CandidateOptions>
{
    public ValidateOptionsResult Validate(string? name, CandidateOptions options)
    {
        var unknown = options.Sources.Except(SourceSchema.Names, StringComparer.Ordinal).ToList();
        return unknown.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{CandidateOptions.SectionName}:Sources names {string.Join(", ", unknown)}, which is no source; "
                    + $"there are {string.Join(", ", SourceSchema.Names)}.");
    }
}
