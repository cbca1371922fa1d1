using Strata.Optimizer.LayerPolicy;
using Strata.RankingModel;

namespace Strata.Optimizer.Estimates;

/// <summary>
/// What a model would have got of slates that were shown by others. It puts the shown items into its own order; a click on one counts by
/// how likely its new position is looked at over how likely the old one was: the position-based model of Li et al. (2018, Offline
/// evaluation of ranking policies with click models) with the examination of Joachims et al. (2017, Unbiased learning-to-rank with biased
/// feedback) as propensity. Which items were shown is given: of others the log says nothing.
/// <list type="bullet">
/// <item>IPS: Horvitz and Thompson (1952).</item>
/// <item>SNIPS: Swaminathan and Joachims (2015, The self-normalized estimator for counterfactual learning).</item>
/// <item>Doubly robust: Dudík, Langford and Li (2011, Doubly robust policy evaluation and learning), with weights clipped as Su et al. do
/// (2020, Doubly robust off-policy evaluation with shrinkage): what an item that climbs from far down weighs beyond the clip, the model
/// answers for. Unclipped the model cancels, and this is IPS. The model is what the slate's impression believed of the layers.</item>
/// <item>Effective size: Kish (1965, Survey sampling), (Σw)²/Σw².</item>
/// </list>
/// </summary>
internal static class OffPolicyEstimator
{
    private const double Normal95 = 1.96;

    /// <summary>Most that one click weighs in the doubly robust estimate; unclipped 4.4, from the last of twenty to the first.</summary>
    public const double Clip = 2;

    /// <summary>Estimates a model; slates of other features say nothing of it.</summary>
    /// <param name="slates">What was shown, and what came of it.</param>
    /// <param name="schema">Feature schema of the model.</param>
    /// <param name="model">The policy's weights.</param>
    public static OffPolicyEstimate Of(IEnumerable<LoggedSlate> slates, uint schema, LinearModel model)
    {
        var sums = default(Sums);
        foreach (var slate in slates.Where(slate => Tells(slate, schema, model)))
        {
            Add(ref sums, slate, RanksIn(slate, model));
        }

        return sums.ToEstimate();
    }

    /// <summary>
    /// By how much more one model would have got than another, doubly robust, slate by slate: what makes slates differ from each other
    /// does not count, so that the interval is that of the difference.
    /// </summary>
    /// <param name="slates">What was shown, and what came of it.</param>
    /// <param name="schema">Feature schema of both.</param>
    /// <param name="model">The one.</param>
    /// <param name="other">The other.</param>
    /// <returns>Mean clicks a slate, and half of the 95 % interval.</returns>
    public static (double Mean, double HalfWidth) Difference(
        IEnumerable<LoggedSlate> slates, uint schema, LinearModel model, LinearModel other)
    {
        var sums = default(Sums);
        foreach (var slate in slates.Where(slate => Tells(slate, schema, model)))
        {
            var (one, two) = (default(Sums), default(Sums));
            Add(ref one, slate, RanksIn(slate, model));
            Add(ref two, slate, RanksIn(slate, other));
            var more = one.Robust - two.Robust;
            sums.Slates++;
            sums.Robust += more;
            sums.RobustSquares += more * more;
        }

        var estimate = sums.ToEstimate();
        return (estimate.DoublyRobust, estimate.HalfWidth);
    }

    private static bool Tells(LoggedSlate slate, uint schema, LinearModel model)
        => slate.Schema == schema && slate.Features.Length == slate.Count * model.Features && slate.Context < model.ContextCount;

    private static void Add(ref Sums sums, LoggedSlate slate, int[] ranks)
    {
        var (inverse, robust) = (0.0, 0.0);
        for (var at = 0; at < slate.Count; at++)
        {
            var (looked, wouldLook) = (Examination.Of(at), Examination.Of(ranks[at]));
            var weight = wouldLook / looked;
            var clicks = slate.Chosen[at] ? 1 : 0;
            inverse += weight * clicks;
            robust += (wouldLook * slate.Expected[at]) + (Math.Min(weight, Clip) * (clicks - (looked * slate.Expected[at])));
            sums.Weights += weight;
            sums.Squares += weight * weight;
            sums.Looked += weight * looked;
            sums.WouldLook += wouldLook;
        }

        sums.Items += slate.Count;
        sums.Slates++;
        sums.Clicked += inverse > 0 ? 1 : 0;
        sums.Inverse += inverse;
        sums.Robust += robust;
        sums.RobustSquares += robust * robust;
    }

    // By item, its position in the model's order; ties stay as they were shown.
    private static int[] RanksIn(LoggedSlate slate, LinearModel model)
    {
        var x = new float[model.Features];
        var negated = new double[slate.Count];
        for (var at = 0; at < slate.Count; at++)
        {
            model.Standardise(slate.Features.AsSpan(at * model.Features, model.Features), x);
            negated[at] = -(model.Score(x, slate.Context) + slate.Offsets[at]);
        }

        int[] order = [.. Enumerable.Range(0, slate.Count).OrderBy(at => negated[at])];
        var ranks = new int[slate.Count];
        for (var rank = 0; rank < order.Length; rank++)
        {
            ranks[order[rank]] = rank;
        }

        return ranks;
    }

    private record struct Sums
    {
        public int Slates;
        public int Clicked;
        public int Items;
        public double Weights;
        public double Squares;
        public double Looked;
        public double WouldLook;
        public double Inverse;
        public double Robust;
        public double RobustSquares;

        public readonly OffPolicyEstimate ToEstimate()
        {
            if (Slates == 0)
            {
                return default;
            }

            var mean = Robust / Slates;
            var variance = Slates > 1 ? Math.Max(0, RobustSquares - (Slates * mean * mean)) / (Slates - 1) : 0;
            return new OffPolicyEstimate(
                Slates,
                Clicked,
                Inverse / Slates,
                Looked > 0 ? Inverse / Looked * WouldLook / Slates : 0,
                mean,
                Normal95 * Math.Sqrt(variance / Slates),
                Squares > 0 ? Weights * Weights / Squares * Slates / Items : 0);
        }
    }
}
