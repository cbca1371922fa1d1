namespace Strata.Evaluator.Reports;

/// <summary>What <c>evaluate ranking</c> found.</summary>
internal sealed record RankingReport
{
    /// <summary>File of the events.</summary>
    public required string Events { get; init; }

    /// <summary><c>event</c>, <c>basket</c> or <c>repeat</c>.</summary>
    public required string Variant { get; init; }

    public required int EventCount { get; init; }

    public required int ItemCount { get; init; }

    public required int UserCount { get; init; }

    /// <summary>Events left out because the catalogue does not know their item.</summary>
    public required int UnknownItems { get; init; }

    /// <summary>Events that could have been tested.</summary>
    public required int Eligible { get; init; }

    public required int Scored { get; init; }

    public required int Seed { get; init; }

    /// <summary>Strata, its ablations, the baselines.</summary>
    public required IReadOnlyList<MethodReport> Methods { get; init; }

    /// <summary>Sources of Strata alone, in the order of the schema; empty when Strata was not replayed.</summary>
    public required IReadOnlyList<SourceReport> Sources { get; init; }

    /// <summary>Share of the tested items that were among Strata's candidates.</summary>
    public double? Considered { get; init; }

    /// <summary>
    /// Mean total variation between the layers of the served slates of 20 and the probabilities that they were placed by; null: none.
    /// </summary>
    public double? LayerVariation { get; init; }

    /// <summary>Mean of the least that 20 positions and the candidates allow.</summary>
    public double? LayerVariationLeast { get; init; }

    /// <summary>Time that Strata takes an event in.</summary>
    public double? MicrosecondsPerEvent { get; init; }

    /// <summary>Mean bytes at rest of a user: profile and weights on layers.</summary>
    public double? BytesPerUser { get; init; }

    /// <summary>Mean bytes published of an item: features and activity.</summary>
    public double? BytesPerItem { get; init; }

    /// <summary>Time of the whole replay of Strata, once texts are encoded.</summary>
    public double? StrataSeconds { get; init; }

    /// <summary>Time of everything, texts encoded.</summary>
    public double Seconds { get; init; }

    /// <summary>Most bytes that the process held.</summary>
    public long PeakBytes { get; init; }
}
