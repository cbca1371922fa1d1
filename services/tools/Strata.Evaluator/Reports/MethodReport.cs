using System.Text.Json.Serialization;

namespace Strata.Evaluator.Reports;

/// <summary>One line of the table of methods.</summary>
internal sealed record MethodReport
{
    /// <summary>Name: <c>strata</c>, <c>strata-…</c> for an ablation, a baseline's own.</summary>
    public required string Name { get; init; }

    /// <summary>What tuning chose; empty when there was nothing to tune.</summary>
    public required string Setting { get; init; }

    /// <summary>Share of tests with the item among the first 10.</summary>
    public required double Hr10 { get; init; }

    /// <summary>The same, 20.</summary>
    public required double Hr20 { get; init; }

    public required double Ndcg10 { get; init; }

    public required double Ndcg20 { get; init; }

    public required double Mrr { get; init; }

    /// <summary>Of what one user took at one time, the share among the first 10, averaged over users' times.</summary>
    public required double Recall10 { get; init; }

    /// <summary>The same, 20.</summary>
    public required double Recall20 { get; init; }

    /// <summary>95 % interval of NDCG@20, bootstrap over users.</summary>
    public required double Ndcg20Low { get; init; }

    public required double Ndcg20High { get; init; }

    /// <summary>95 % interval of HR@20, bootstrap over users.</summary>
    public required double Hr20Low { get; init; }

    public required double Hr20High { get; init; }

    /// <summary>95 % interval of strata's NDCG@20 minus this one's, paired; null without strata in the table.</summary>
    public double? Ndcg20BehindLow { get; init; }

    public double? Ndcg20BehindHigh { get; init; }

    /// <summary>Share of the items alive at the end that stood in some slate of 20.</summary>
    public required double Coverage { get; init; }

    /// <summary>Inequality of how often items stood in slates, 0 (all alike) to 1.</summary>
    public required double Gini { get; init; }

    /// <summary>Mean −log2 of the share of all events that the items of a slate had: bits.</summary>
    public required double Novelty { get; init; }

    /// <summary>1 − mean cosine between two items of a slate, by centred text vectors.</summary>
    public required double Diversity { get; init; }

    /// <summary>
    /// Kullback–Leibler divergence of a slate's layer shares from the user's (Steck 2018), in nats: 0 is perfectly calibrated.
    /// </summary>
    public required double Calibration { get; init; }

    /// <summary>NDCG@20 of users with fewer than five items and the others, of items with fewer than five events and the others.</summary>
    public required SliceReport Slices { get; init; }

    /// <summary>Time a tested request.</summary>
    public required double MicrosecondsPerRequest { get; init; }
}

/// <summary>NDCG@20 by slice, and how many tests each has.</summary>
internal sealed record SliceReport(
    [property: JsonPropertyName("cold_user")] double ColdUser,
    [property: JsonPropertyName("warm_user")] double WarmUser,
    [property: JsonPropertyName("cold_item")] double ColdItem,
    [property: JsonPropertyName("warm_item")] double WarmItem,
    [property: JsonPropertyName("cold_user_tests")] int ColdUserTests,
    [property: JsonPropertyName("cold_item_tests")] int ColdItemTests);

/// <summary>How a candidate source does alone with its own 40 candidates.</summary>
/// <param name="Name">Source.</param>
/// <param name="Hr20">Share of tests with the item among its first 20.</param>
/// <param name="ToCentroid">Hr20 over that of the user's single centroid; null when that is zero.</param>
internal sealed record SourceReport(string Name, double Hr20, double? ToCentroid);
