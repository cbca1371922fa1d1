namespace Strata.Evaluator.Similar;

/// <summary>What <c>evaluate similar</c> found.</summary>
internal sealed record SimilarReport
{
    public required string Events { get; init; }

    public required string Items { get; init; }

    public required int EventCount { get; init; }

    public required int ItemCount { get; init; }

    public required int UserCount { get; init; }

    /// <summary>Lines that could have been asked about.</summary>
    public required int Eligible { get; init; }

    /// <summary>Lines that were.</summary>
    public required int Scored { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<SimilarJudgement> Judged { get; init; }
}

/// <summary>The methods by one notion of what should be found.</summary>
/// <param name="Wanted">"next basket" or "same basket".</param>
/// <param name="Tests">Lines that have any of it.</param>
/// <param name="Against">What the methods are compared with.</param>
/// <param name="Methods">Each method.</param>
internal sealed record SimilarJudgement(string Wanted, int Tests, string Against, IReadOnlyList<SimilarLine> Methods);

/// <summary>One method. Intervals hold 95 %, over users.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Setting">What was chosen on these very tests; empty: nothing was.</param>
/// <param name="Hr20">Share of lists of 20 with anything of what should be found.</param>
/// <param name="Hr20Low">Low end of its interval.</param>
/// <param name="Hr20High">High end.</param>
/// <param name="Recall20">Of what should be found the share in the list, 20 at most being wanted.</param>
/// <param name="Difference">HR@20 less that of <see cref="SimilarJudgement.Against"/>, on the same lines.</param>
/// <param name="DifferenceLow">Low end of its interval.</param>
/// <param name="DifferenceHigh">High end.</param>
internal sealed record SimilarLine(
    string Name,
    string Setting,
    double Hr20,
    double Hr20Low,
    double Hr20High,
    double Recall20,
    double Difference,
    double DifferenceLow,
    double DifferenceHigh);
