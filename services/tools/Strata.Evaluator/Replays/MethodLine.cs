using Strata.Evaluator.Measures;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Replays;

/// <summary>Turns ranks and slates into a line of the table.</summary>
internal static class MethodLine
{
    public static MethodReport Of(
        MethodRanks method,
        int number,
        ReplayStream stream,
        TestPlan plan,
        Bootstrap bootstrap,
        SlateMeasures slates,
        MethodRanks? strata)
    {
        var ranks = method.Ranks;
        var all = Accuracy.Of(ranks);
        var coldUser = Accuracy.Of(ranks, test => slates.ColdUser[test]);
        var coldItem = Accuracy.Of(ranks, test => slates.ColdItem[test]);
        var ndcg = bootstrap.Of(test => ranks[test].Gain(20));
        var hr = bootstrap.Of(test => ranks[test].Hit(20));
        Interval? behind = strata is null || ReferenceEquals(strata, method)
            ? null
            : bootstrap.Of(test => strata.Ranks[test].Gain(20) - ranks[test].Gain(20));
        return new MethodReport
        {
            Name = method.Name,
            Setting = method.Setting,
            Hr10 = all.Hr10,
            Hr20 = all.Hr20,
            Ndcg10 = all.Ndcg10,
            Ndcg20 = all.Ndcg20,
            Mrr = all.Mrr,
            Recall10 = Accuracy.Recall(ranks, GroupOf, 10),
            Recall20 = Accuracy.Recall(ranks, GroupOf, 20),
            Ndcg20Low = ndcg.Low,
            Ndcg20High = ndcg.High,
            Hr20Low = hr.Low,
            Hr20High = hr.High,
            Ndcg20BehindLow = behind?.Low,
            Ndcg20BehindHigh = behind?.High,
            Coverage = slates.Coverage(number),
            Gini = slates.Gini(number),
            Novelty = slates.Novelty(number),
            Diversity = slates.Diversity(number),
            Calibration = slates.Calibration(number),
            Slices = new SliceReport(
                coldUser.Ndcg20,
                Accuracy.Of(ranks, test => !slates.ColdUser[test]).Ndcg20,
                coldItem.Ndcg20,
                Accuracy.Of(ranks, test => !slates.ColdItem[test]).Ndcg20,
                coldUser.Tests,
                coldItem.Tests),
            MicrosecondsPerRequest = method.Microseconds,
        };

        // Tests of one user at one time lie side by side, because the stream is in that order.
        (int User, long Time) GroupOf(int test) => (stream.User[plan.Events[test]], stream.Time[plan.Events[test]]);
    }
}
