using Strata.Ranking.Candidates.Requests;
using Strata.RankingModel;

namespace Strata.Ranking.Scoring.Core;

/// <summary>
/// Scores candidates. With learned weights: linear. Without: the rank in one order of sources decides. That order is by live hits when
/// there is evidence (one source after the other: where one source knows best, mixing it with others loses much). Before any evidence
/// nothing says which one knows best, so those that serve best in different worlds take turns: for a fresh search what is like it, newest
/// items where the catalogue says when items came to be, what goes with the last items, what is popular today.
/// </summary>
internal static class Scorer
{
    /// <summary>Name of the only contribution of a score without weights.</summary>
    public const string RankContribution = "source_rank";

    private static readonly int[] Rest =
    [
        SourceSchema.RecentText, SourceSchema.Popular1d, SourceSchema.Popular7d, SourceSchema.Popular60d, SourceSchema.PopularAll,
        SourceSchema.Fresh,
    ];

    public static void Score(RankingRequest request, RankingPolicy policy)
    {
        if (policy.Model is { } model)
        {
            Span<float> x = stackalloc float[FeatureSchema.Count];
            for (var candidate = 0; candidate < request.Count; candidate++)
            {
                model.Standardise(request.FeaturesOf(candidate), x);
                request.Scores[candidate] = model.Score(x, request.Context);
            }

            return;
        }

        ScoreByRank(request, policy);
    }

    /// <summary>
    /// What adds up to a candidate's score, as names and values. The sum of the values, added up in this order, is the score that is told.
    /// </summary>
    public static (string Feature, double Value)[] Contributions(RankingRequest request, RankingPolicy policy, int candidate)
    {
        if (policy.Model is not { } model)
        {
            return [(RankContribution, request.Scores[candidate])];
        }

        var x = new float[FeatureSchema.Count];
        var values = new double[FeatureSchema.Count];
        model.Standardise(request.FeaturesOf(candidate), x);
        model.Contributions(x, request.Context, values);
        return [.. values.Select((value, feature) => (FeatureSchema.Names[feature], value))];
    }

    private static void ScoreByRank(RankingRequest request, RankingPolicy policy)
    {
        request.Scores.AsSpan(0, request.Count).Clear();
        var rank = 0;
        if (policy.SourcesByHits.Count == 0)
        {
            var turns = Turns(request);
            for (var turn = 0; turns.Count > 0 && turn < turns.Max(list => list.Count); turn++)
            {
                foreach (var list in turns)
                {
                    ScoreNext(request, turn < list.Count ? list.Items[turn] : -1, ref rank);
                }
            }
        }

        foreach (var source in policy.SourcesByHits.Concat(Rest))
        {
            foreach (var item in request.ListOf(source).Items)
            {
                ScoreNext(request, item, ref rank);
            }
        }

        for (var candidate = 0; candidate < request.Count; candidate++)
        {
            ScoreNext(request, request.Items[candidate], ref rank);
        }
    }

    private static List<TopList> Turns(RankingRequest request)
    {
        var turns = new List<TopList>();
        if (request.User.Profile is { Queries: [var query, ..] } profile && query.TimeUnixMs >= profile.LastEventUnixMs)
        {
            turns.Add(request.ListOf(SourceSchema.Search));
        }

        var dated = 0;
        var fresh = request.ListOf(SourceSchema.Fresh);
        foreach (var item in fresh.Items)
        {
            dated += request.View.Items.Features[item] is { CreatedUnixMs: > 0 } ? 1 : 0;
        }

        if (dated * 2 > fresh.Count)
        {
            turns.Add(fresh);
        }

        if (request.ListOf(SourceSchema.Neighbours3).Count > 0)
        {
            turns.Add(request.ListOf(SourceSchema.Neighbours3));
        }
        else if (dated * 2 <= fresh.Count)
        {
            turns.Add(request.ListOf(SourceSchema.Popular1d));
        }

        return turns;
    }

    private static void ScoreNext(RankingRequest request, int item, ref int rank)
    {
        if (item >= 0 && request.CandidateOf(item) is >= 0 and var candidate && request.Scores[candidate] == 0)
        {
            request.Scores[candidate] = 1.0 / ++rank;
        }
    }
}
