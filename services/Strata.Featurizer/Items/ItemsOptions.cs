using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.Items;

/// <summary>How items become features.</summary>
public sealed class ItemsOptions
{
    public const string SectionName = "Featurizer:Items";

    /// <summary>Characters of an item's text that the encoder gets.</summary>
    /// <value>The default is 600: more than 128 tokens of it are not read anyway.</value>
    [Range(50, 8_000)]
    public int EncodedLength { get; set; } = 600;

    /// <summary>
    /// Pieces of a longer text that the encoder gets, one after the other: the first is its beginning, each further one the title and what
    /// follows, overlapping by a fifth; the item's vector is the mean of their unit vectors. Each costs as much as another item. 1: the
    /// beginning only.
    /// </summary>
    /// <value>The default is 1: on questions with bodies 4 gave hardly better neighbours at twice the cost (handbook, content).</value>
    [Range(1, 32)]
    public int Chunks { get; set; } = 1;

    /// <summary>
    /// Items featurised, stored and committed together. At about 300 texts a second and core it says how long a step takes.
    /// </summary>
    /// <value>The default is 128.</value>
    [Range(1, 5_000)]
    public int ItemsPerCut { get; set; } = 128;

    /// <summary>
    /// Items of one partition encoded side by side; all partitions of the process together never encode more than the encoder's own bound.
    /// </summary>
    /// <value>The default is 2.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;
}

[OptionsValidator]
internal sealed partial class ItemsOptionsValidator : IValidateOptions<ItemsOptions>;
