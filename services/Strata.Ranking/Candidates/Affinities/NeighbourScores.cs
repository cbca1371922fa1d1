using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Candidates.Affinities;

/// <summary>
/// Scores of items by co-visits with the user's last items and by what came next after them. All sums are scaled to the time of the
/// request first.
/// </summary>
public sealed class NeighbourScores
{
    /// <summary>By how much an item counts less in <see cref="All"/> than the one touched after it.</summary>
    internal const double AllDiscount = 0.97;

    private const double CoVisitShrinkage = 5;
    private const double TransitionShrinkage = 2;

    /// <summary>neighbours_1: the last item only.</summary>
    public SparseScores One { get; } = new();

    /// <summary>neighbours_3: the last three at 0.6^k.</summary>
    public SparseScores Three { get; } = new();

    /// <summary>neighbours_5: the last five at 0.8^k.</summary>
    public SparseScores Five { get; } = new();

    /// <summary>next: the last five at 0.7^k.</summary>
    public SparseScores Next { get; } = new();

    /// <summary>What came next after the last three, at 0.4^k: sharper than <see cref="Next"/>.</summary>
    public SparseScores NextSharp { get; } = new();

    /// <summary>What came next after the last item only.</summary>
    public SparseScores NextOne { get; } = new();

    /// <summary>All that are remembered, at 0.97^k: what goes with the user, where the others say what goes with the moment.</summary>
    public SparseScores All { get; } = new();

    /// <summary>Adds up what the user's items give their neighbours.</summary>
    public void AddUp(CatalogueView view, UserHistory history, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(history);
        One.Clear();
        Three.Clear();
        Five.Clear();
        Next.Clear();
        NextSharp.Clear();
        NextOne.Clear();
        All.Clear();
        var (three, five, next, sharp, all) = (1.0, 1.0, 1.0, 1.0, 1.0);
        for (var k = 0; k < history.Count; k++)
        {
            if (history.Items[k] >= 0)
            {
                var activity = view.Items.Activity[history.Items[k]];
                var own = HalfLives.Factor(nowMs - activity.AsOfMs, HalfLives.CoVisitRate) / Math.Sqrt(Touches(activity, nowMs));
                for (var n = 0; n < activity.CoVisited.Length; n++)
                {
                    var item = activity.CoVisited[n];
                    if (item < view.Count)
                    {
                        var score = activity.CoVisits[n] * own;
                        All.Add(item, all * score);
                        if (k < 5)
                        {
                            Five.Add(item, five * score);
                        }

                        if (k < 3)
                        {
                            Three.Add(item, three * score);
                        }

                        if (k == 0)
                        {
                            One.Add(item, score);
                        }
                    }
                }

                var decay = HalfLives.Factor(nowMs - activity.AsOfMs, HalfLives.TransitionRate);
                var scale = next * decay / ((activity.TransitionsOut * decay) + TransitionShrinkage);
                for (var n = 0; k < 5 && n < activity.Followers.Length; n++)
                {
                    if (activity.Followers[n] < view.Count)
                    {
                        Next.Add(activity.Followers[n], scale * activity.Transitions[n]);
                        if (k == 0)
                        {
                            NextOne.Add(activity.Followers[n], scale * activity.Transitions[n]);
                        }

                        if (k < 3)
                        {
                            NextSharp.Add(activity.Followers[n], scale / next * sharp * activity.Transitions[n]);
                        }
                    }
                }
            }

            three *= 0.6;
            five *= 0.8;
            next *= 0.7;
            sharp *= 0.4;
            all *= AllDiscount;
        }

        // What divides by the other item is the same for all of the user's items: once at the end.
        foreach (var scores in (ReadOnlySpan<SparseScores>)[One, Three, Five, All])
        {
            for (var at = 0; at < scores.Count; at++)
            {
                scores.Scale(at, 1 / Math.Sqrt(Touches(view.Items.Activity[scores.ItemAt(at)], nowMs)));
            }
        }
    }

    /// <summary>A[i][j] / √((nA[i] + 5)(nA[j] + 5)) for neighbour number <paramref name="n"/> of an item.</summary>
    public static double CoVisit(CatalogueView view, ItemActivities activity, int n, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(activity);
        var other = view.Items.Activity[activity.CoVisited[n]];
        var decay = HalfLives.Factor(nowMs - activity.AsOfMs, HalfLives.CoVisitRate);
        return activity.CoVisits[n] * decay / Math.Sqrt(Touches(activity, nowMs) * Touches(other, nowMs));
    }

    /// <summary>nA + 5 as of now: users who touched an item of late, so that few are not taken for many.</summary>
    internal static double Touches(ItemActivities activity, long nowMs)
        => Choices(activity, nowMs) + CoVisitShrinkage;

    /// <summary>nA as of now.</summary>
    internal static double Choices(ItemActivities activity, long nowMs)
        => activity.FirstTouches * HalfLives.Factor(nowMs - activity.AsOfMs, HalfLives.CoVisitRate);
}
