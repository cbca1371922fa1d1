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
    /// <value>2,000.</value>
    [Range(0, 10_000_000)]
    public int ExactScanItems { get; set; } = 2_000;

    /// <summary>
    /// Most items that a request compares itself with. Up to this many vectors a user with a query of the last day is compared with every
    /// item: what answers a query may lie in any layer.
    /// </summary>
    /// <value>20,000.</value>
    [Range(1, 10_000_000)]
    public int MostScanItems { get; set; } = 20_000;

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
