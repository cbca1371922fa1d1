using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;

namespace Strata.Ranking.Scoring.Core;

/// <summary>Computes the features of <see cref="FeatureSchema"/>, where their formulas are written.</summary>
internal static class FeatureExtractor
{
    private const double Unknown = 12;
    private const float UnknownMinutes = 16;
    private const double MinuteMs = 60_000;
    private const double HourMs = 3_600_000;

    // Weight of the k-th newest of the user's items in their means: what a running mean with the step 0.1 gives.
    private const double MeanDiscount = 0.9;

    /// <summary>Computes the features of the candidates from number <paramref name="from"/> on.</summary>
    public static void Extract(RankingRequest request, int from = 0)
    {
        var user = MeansOf(request);
        request.Text.Compare(request.Items[from..]);
        for (var candidate = from; candidate < request.Count; candidate++)
        {
            Extract(request, request.Items[candidate], user, request.Features.AsSpan(candidate * FeatureSchema.Count, FeatureSchema.Count));
        }
    }

    private static void Extract(RankingRequest request, int item, UserMeans user, Span<float> f)
    {
        var (view, history, nowMs) = (request.View, request.History, request.NowMs);
        var activity = view.Items.Activity[item];
        var week = activity.Popularity(HalfLives.Week, nowMs);
        f[FeatureSchema.PopularAll] = (float)Math.Log(0.5 + activity.Popularity(HalfLives.Ever, nowMs));
        f[FeatureSchema.Popular3h] = (float)Math.Log(0.02 + activity.Popularity(HalfLives.ThreeHours, nowMs));
        f[FeatureSchema.Popular1d] = (float)Math.Log(0.02 + activity.Popularity(HalfLives.Day, nowMs));
        f[FeatureSchema.Popular7d] = (float)Math.Log(0.02 + week);
        f[FeatureSchema.Popular60d] = (float)Math.Log(0.02 + activity.Popularity(HalfLives.TwoMonths, nowMs));
        var age = LogHours(view.Items.BirthMs(item), nowMs);
        f[FeatureSchema.Age] = (float)age;
        f[FeatureSchema.Idle] = (float)LogHours(activity.LastEventMs, nowMs);

        var least = FeatureSchema.LeastAffinity(view.Count);
        Pair(f, FeatureSchema.NextShare, request.Neighbours.Next[item], request.ListOf(SourceSchema.Next), least);
        Pair(f, FeatureSchema.Neighbours1Share, request.Neighbours.One[item], request.ListOf(SourceSchema.Neighbours1), least);
        Pair(f, FeatureSchema.Neighbours3Share, request.Neighbours.Three[item], request.ListOf(SourceSchema.Neighbours3), least);
        Pair(f, FeatureSchema.Neighbours5Share, request.Neighbours.Five[item], request.ListOf(SourceSchema.Neighbours5), least);

        var number = request.Text.NumberOf(item);
        f[FeatureSchema.RecentText] = number < 0 ? 0 : request.Text.Recent[number];
        f[FeatureSchema.Layers] = number < 0 ? 0 : request.Text.Layers[number];
        f[FeatureSchema.Centroid] = number < 0 ? 0 : request.Text.Centroid[number];
        f[FeatureSchema.Nearest] = number < 0 ? 0 : request.Text.Nearest[number];
        f[FeatureSchema.Search] = number < 0 ? 0 : request.Text.Search[number];

        ExtractAdded(request, item, activity, number, f);
        var slot = view.Assignment.SlotOf(item);
        f[FeatureSchema.LayerShort] = (float)Math.Sqrt(history.ShortShare(slot));
        f[FeatureSchema.LayerLong] = (float)Math.Sqrt(history.LongShare(slot));
        f[FeatureSchema.LayerPopularity] = (float)Math.Log(1e-4 + view.Assignment.PopularityShare(item, activity));
        f[FeatureSchema.TrendingInLayer] = (float)Math.Log(1e-3 + (request.LayerShare(slot) * week));
        f[FeatureSchema.FreshRank] = RankScore(request.ListOf(SourceSchema.Fresh).RankOf(item));
        f[FeatureSchema.Popular60dRank] = RankScore(request.ListOf(SourceSchema.Popular60d).RankOf(item));
        f[FeatureSchema.PopularityDistance] = history.Count == 0 ? 0 : (float)Math.Abs(Math.Log(1e-3 + week) - user.LogWeek);
        f[FeatureSchema.AgeDistance] = history.Count == 0 ? 0 : (float)Math.Abs(age - user.LogAge);
        f[FeatureSchema.OwnCount] = request.Constraints.AllowRepeats ? (float)Math.Log(1e-2 + OwnCount(history, item)) : 0;
        if (request.OneInterest)
        {
            OneInterest.Level(request, item, activity, week, f);
        }
    }

    // What the second, third and fourth versions of the schema added.
    private static void ExtractAdded(RankingRequest request, int item, ItemActivities activity, int number, Span<float> f)
    {
        var (history, nowMs, least) = (request.History, request.NowMs, FeatureSchema.LeastAffinity(request.View.Count));
        f[FeatureSchema.Popular1h] = (float)Math.Log(0.02 + activity.Popularity(HalfLives.Hour, nowMs));
        f[FeatureSchema.IdleMinutes] = LogMinutes(activity.LastEventMs, nowMs);
        f[FeatureSchema.LastText] = number < 0 ? 0 : request.Text.Last[number];
        f[FeatureSchema.NextSharpLog] = (float)Math.Log(least + request.Neighbours.NextSharp[item]);
        f[FeatureSchema.PreviousLog] = (float)Math.Log(least + Previous(activity, history, nowMs));
        f[FeatureSchema.NeighboursAllLog] = (float)Math.Log(least + request.Neighbours.All[item]);
        f[FeatureSchema.Popular1hRank] = RankScore(request.ListOf(SourceSchema.Popular1h).RankOf(item));
        f[FeatureSchema.Popular1dRank] = RankScore(request.ListOf(SourceSchema.Popular1d).RankOf(item));
        f[FeatureSchema.AgeMinutes] = LogMinutes(request.View.Items.BirthMs(item), nowMs);
        var k = request.Constraints.AllowRepeats ? history.Items.IndexOf(item) : -1;
        f[FeatureSchema.OwnIdle] = k < 0 ? 0 : (float)Math.Log(1 + (Math.Max(0, nowMs - history.LastMs[k]) / HourMs));
        f[FeatureSchema.Owned] = k < 0 ? 0 : 1;
        f[FeatureSchema.PopularAllSquared] = Squared(f[FeatureSchema.PopularAll] - 3);
        f[FeatureSchema.Popular7dSquared] = Squared(f[FeatureSchema.Popular7d] - 1);
        f[FeatureSchema.Popular60dSquared] = Squared(f[FeatureSchema.Popular60d] - 2);
        f[FeatureSchema.AgeSquared] = Squared(f[FeatureSchema.Age] - 6);
        f[FeatureSchema.IdleSquared] = Squared(f[FeatureSchema.Idle] - 4);
        f[FeatureSchema.NextOneLog] = (float)Math.Log(least + request.Neighbours.NextOne[item]);
        f[FeatureSchema.NeighboursAllRoot] = (float)Math.Sqrt(request.Neighbours.All[item]);
        f[FeatureSchema.Cohort] = (float)(request.CohortLifts?[request.View.Assignment.SlotOf(item)] ?? 0);
        f[FeatureSchema.BornSince] = request.View.Items.BirthMs(item) > history.LastEventMs ? 1 : 0;
        f[FeatureSchema.TouchedSince] = activity.LastEventMs > history.LastEventMs ? 1 : 0;
    }

    private static float Squared(float value) => value * value;

    private static double Previous(ItemActivities activity, UserHistory history, long nowMs)
    {
        if (history.Count == 0 || history.Items[0] < 0 || activity.Followers.IndexOf(history.Items[0]) is not (>= 0 and var at))
        {
            return 0;
        }

        var decay = HalfLives.Factor(nowMs - activity.AsOfMs, HalfLives.TransitionRate);
        return activity.Transitions[at] * decay / ((activity.TransitionsOut * decay) + 2);
    }

    private static void Pair(Span<float> f, int feature, double score, TopList best, double least)
    {
        f[feature] = (float)Math.Sqrt(score / best.Best(1));
        f[feature + 1] = (float)Math.Log(least + score);
    }

    private static float RankScore(int rank) => rank < 0 ? 0 : 10f / (10 + rank);

    private static double LogHours(long sinceMs, long nowMs)
        => sinceMs <= 0 ? Unknown : Math.Log(1 + (Math.Max(0, nowMs - sinceMs) / HourMs));

    private static float LogMinutes(long sinceMs, long nowMs)
        => sinceMs <= 0 ? UnknownMinutes : (float)Math.Log(1 + (Math.Max(0, nowMs - sinceMs) / MinuteMs));

    private static double OwnCount(UserHistory history, int item)
    {
        var k = history.Items.IndexOf(item);
        return k < 0 ? 0 : history.OwnCounts[k] + 1e-6;
    }

    // How popular (now) and how old (when they touched them) the user's items are.
    private static UserMeans MeansOf(RankingRequest request)
    {
        var (view, history) = (request.View, request.History);
        var (week, age, total, weight) = (0.0, 0.0, 0.0, 1.0);
        for (var k = 0; k < history.Count; k++)
        {
            if (history.Items[k] is >= 0 and var item)
            {
                week += weight * Math.Log(1e-3 + view.Items.Activity[item].Popularity(HalfLives.Week, request.NowMs));
                age += weight * LogHours(view.Items.BirthMs(item), history.LastMs[k]);
                total += weight;
            }

            weight *= MeanDiscount;
        }

        return total > 0 ? new UserMeans(week / total, age / total) : default;
    }

    private readonly record struct UserMeans(double LogWeek, double LogAge);
}
