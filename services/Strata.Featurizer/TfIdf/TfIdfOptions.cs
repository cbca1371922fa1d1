using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.TfIdf;

/// <summary>How document frequencies are kept.</summary>
public sealed class TfIdfOptions
{
    public const string SectionName = "Featurizer:TfIdf";

    /// <summary>
    /// Terms counted for each items partition, at about 100 bytes each in Redis and in memory. When they are used up, the rarest quarter
    /// goes, so that the frequent stay whatever came first.
    /// </summary>
    /// <value>The default is 200,000.</value>
    [Range(1_000, 10_000_000)]
    public int MaxTerms { get; set; } = 200_000;
}

[OptionsValidator]
internal sealed partial class TfIdfOptionsValidator : IValidateOptions<TfIdfOptions>;
