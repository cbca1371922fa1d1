using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.Tokens.Core;

/// <summary>How texts are cut into terms.</summary>
public sealed class TokensOptions
{
    public const string SectionName = "Featurizer:Tokens";

    /// <summary>
    /// Language of texts in Latin letters that do not tell theirs: that of most of the catalogue. Another one cuts such texts into other
    /// terms: put the catalogue again.
    /// </summary>
    /// <value>The default is <c>en</c>.</value>
    [AllowedValues("en", "de", "fr", "es", "it", "pt", "nl")]
    public string Language { get; set; } = "en";

    /// <summary>Longer terms are dropped: they are links, hashes and other noise. They bound what a profile and an item weigh.</summary>
    /// <value>The default is 40 characters.</value>
    [Range(2, 255)]
    public int MaxTermLength { get; set; } = 40;

    /// <summary>Terms kept of one text, the most frequent first.</summary>
    /// <value>The default is 32, as the contract of <c>ItemFeatures</c> says.</value>
    [Range(1, 32)]
    public int TermsPerText { get; set; } = 32;
}

[OptionsValidator]
internal sealed partial class TokensOptionsValidator : IValidateOptions<TokensOptions>;
