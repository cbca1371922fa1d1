using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Index.Core;

/// <summary>How the catalogue is held in memory.</summary>
public sealed class IndexOptions
{
    public const string SectionName = "Ranking:Index";

    /// <summary>
    /// Up to this many item vectors a request compares itself with every item; above, only with the items of the layers near the user and
    /// their queries.
    /// </summary>
    /// <value>20,000.</value>
    [Range(0, 10_000_000)]
    public int ExactScanItems { get; set; } = 20_000;

    /// <summary>Memory for remembered similarities between items, in bytes. With 4 bytes · items² it holds them all.</summary>
    /// <value>256 MiB.</value>
    [Range(1 << 20, 1L << 40)]
    public long SimilarityBytes { get; set; } = 256 << 20;

    /// <summary>
    /// Items kept in each list of the most popular. At least what a request may leave out (a user's 64 items and 200 exclusions) and the
    /// 40 that it takes.
    /// </summary>
    /// <value>1,024.</value>
    [Range(512, 1_000_000)]
    public int TopItems { get; set; } = 1024;
}

[OptionsValidator]
internal sealed partial class IndexOptionsValidator : IValidateOptions<IndexOptions>;
