using Strata.Contracts.State.V1;

namespace Strata.Ranking.Experiments.Core;

/// <summary>A rate with how much it would differ had other users come.</summary>
/// <param name="Value">The rate.</param>
/// <param name="Variance">Square of its standard error.</param>
/// <param name="Observations">What it is a mean of.</param>
internal readonly record struct ArmEstimate(double Value, double Variance, double Observations);

/// <summary>
/// Rates of an arm. Users are drawn by chance, their slates are not: slates of one user are alike. So a rate is a ratio of two sums over
/// users, and its variance that of their residuals (Cochran, "Sampling Techniques", 6.3): for r = Σy / Σx it is Σ(y − r x)² / (Σx)², times
/// n / (n − 1) for n users.
/// </summary>
internal static class ArmEstimates
{
    // What a mean needs to be near normal.
    private const int LeastUsers = 50;
    private const int LeastClicked = 50;

    /// <summary>Part of the slates of which something was chosen.</summary>
    public static ArmEstimate ClickRate(ArmOutcomes arm)
        => Ratio(arm.Clicked, arm.Slates, arm.ClickedClicked, arm.SlatesClicked, arm.SlatesSlates, arm.Users);

    /// <summary>Mean NDCG of the slates of which something was chosen.</summary>
    public static ArmEstimate Ndcg(ArmOutcomes arm)
        => Ratio(arm.Ndcg, arm.Clicked, arm.NdcgNdcg, arm.ClickedNdcg, arm.ClickedClicked, arm.Users);

    /// <summary>There is enough of it to compare.</summary>
    public static bool Tells(ArmOutcomes arm) => arm is { Users: >= LeastUsers, Clicked: >= LeastClicked };

    /// <summary>
    /// By how much one rate lies above another, and half the width of the interval around that. As observations count those of both
    /// arms: where users come back, what was seen of them before says more of what comes than in the case of means that the
    /// interval is made for, so it is left less often.
    /// </summary>
    public static (double Value, double HalfWidth) Difference(ArmEstimate arm, ArmEstimate baseline, double alpha)
        => (arm.Value - baseline.Value,
            Math.Sqrt(arm.Variance + baseline.Variance)
                * ConfidenceSequence.Reach(arm.Observations + baseline.Observations, alpha));

    private static ArmEstimate Ratio(double y, double x, double yy, double xy, double xx, double users)
    {
        if (x <= 0)
        {
            return default;
        }

        var rate = y / x;
        var residuals = Math.Max(0, yy - (2 * rate * xy) + (rate * rate * xx));
        return new ArmEstimate(rate, users > 1 ? residuals / (x * x) * users / (users - 1) : double.PositiveInfinity, x);
    }
}
