using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Slates;

/// <summary>
/// Fills the positions of a slate one after the other. With probability 1 − ε a position takes the best remaining candidate by score minus
/// λ · σ · (largest cosine to an item placed before), plus κ · σ · (how many positions its layer g is owed: p(g) of all so far and this
/// one, less those that it has), σ being the standard deviation of the scores and κ rising over the positions but after a search; so the
/// slate's layers follow the user's probabilities as far as scores that differ little allow. Else a layer is drawn (of those with remaining
/// candidates) by w(g) = p(g) times how little is known of what the user does there, and its candidate that teaches most is taken, by score
/// and by how little happened to it. So the propensity of j is (1 − ε)·[j is the best] + ε·Σ w(g) / Σ w over the layers g that would take
/// j: exact, and 1 in sum over the items. The first half of the slate does not explore: a place there costs twice what one behind does.
/// Items of a boosted layer stand σ times the boost higher; when as many positions are left as pinned layers have none yet, or as layers
/// held long since keep, those are theirs. Before all that come the items that operators pin; what they bury comes when nothing else is
/// left, and what they cap not beyond it: a slate may be shorter for that.
/// </summary>
public static class SlateBuilder
{
    /// <summary>
    /// Places <paramref name="count"/> candidates, fewer only when there are not so many, or caps of operators keep
    /// the rest out. The same random numbers give the same slate.
    /// </summary>
    /// <param name="request">A request with scored candidates.</param>
    /// <param name="layers">The user's probabilities.</param>
    /// <param name="count">Positions.</param>
    /// <param name="exploration">ε; 0 for a slate that nobody is shown.</param>
    /// <param name="options">All else.</param>
    /// <param name="random">Chance.</param>
    public static IReadOnlyList<PlacedItem> Build(
        RankingRequest request,
        LayerDistribution layers,
        int count,
        double exploration,
        SlateOptions options,
        Random random)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        var slate = new List<PlacedItem>(count);
        var open = new OpenPositions(request, layers, count, options);
        while (slate.Count < count && slate.Count < request.Count)
        {
            var owed = open.Owed(count - slate.Count);
            if (owed is null && open.Pinned() is (var rule, var pinned))
            {
                slate.Add(Place(pinned, propensity: 1, exploring: false, rule));
                open.Take(pinned, rule);
                continue;
            }

            var choices = owed ?? open.Choose(slate.Count < count / 2 ? 0 : exploration);
            if (choices.Count > 0)
            {
                var (candidate, propensity) = Draw(choices, random.NextDouble());
                slate.Add(Place(candidate, propensity, candidate != choices[0].Candidate));
                open.Take(candidate);
            }
            else if (!open.Release())
            {
                break;
            }
        }

        return slate;

        PlacedItem Place(int candidate, double propensity, bool exploring, string? rule = null)
            => new(candidate, request.Items[candidate], open.SlotOf(candidate), propensity, exploring, rule);
    }

    private static PositionChoice Draw(List<PositionChoice> choices, double draw)
    {
        foreach (var choice in choices)
        {
            if (draw < choice.Probability)
            {
                return choice;
            }

            draw -= choice.Probability;
        }

        return choices[^1];
    }
}
