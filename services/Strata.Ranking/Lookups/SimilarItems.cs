using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Items;

namespace Strata.Ranking.Lookups;

/// <summary>
/// Items like given ones: by the co-visits that the sources "neighbours" read (Σ over the given of
/// 0.97^k · A[i][j] / √((nA[i] + 5)(nA[j] + 5))), by the cosine of their texts to the given items' sum, or by the mean of both, each over
/// its largest value.
/// </summary>
internal sealed class SimilarItems
{
    private readonly RankingRequest _given;
    private readonly RankingRequest _own;
    private readonly double _behaviour;
    private readonly double _text;
    private readonly LayerInterest _interest;
    private readonly HashSet<int> _variants = [];
    private readonly HashSet<int> _slots = [];

    /// <param name="given">A request of somebody who has just touched the given items.</param>
    /// <param name="own">The request of whom it is for, its filters applied.</param>
    /// <param name="by">By what.</param>
    /// <param name="interest">What their layers add.</param>
    public SimilarItems(RankingRequest given, RankingRequest own, Likeness by, LayerInterest interest)
    {
        (_given, _own, _interest) = (given, own, interest);
        foreach (var item in given.History.Items)
        {
            if (item >= 0)
            {
                _variants.Add(given.View.Items.Variants[item]);
                _slots.Add(given.View.Assignment.SlotOf(item));
            }
        }

        _variants.Remove(-1);
        _slots.Remove(given.View.Layers.Count);
        var share = by is Likeness.Behaviour or Likeness.Text ? 1 : 0.5;
        _behaviour = by == Likeness.Text ? 0 : Factor(share, MostBehaviour());
        _text = by == Likeness.Behaviour ? 0 : Factor(share, MostText());
    }

    /// <summary>True where a given item lies in the slot.</summary>
    public bool Shares(int slot) => _slots.Contains(slot);

    /// <summary>The best, then popular ones of the same layers and of all, where too few are alike; how many are alike.</summary>
    public (IReadOnlyList<FoundItem> Found, int Alike) Find(int count)
    {
        var best = new TopList(count);
        for (var n = 0; n < _given.Neighbours.All.Count; n++)
        {
            Offer(_given.Neighbours.All.ItemAt(n), best);
        }

        for (var number = 0; _text > 0 && number < _given.Text.Count; number++)
        {
            if (_given.Text.ItemAt(number) is >= 0 and var item && !_given.Neighbours.All.Contains(item))
            {
                Offer(item, best);
            }
        }

        var found = best.Items.ToArray().Select(Describe).ToList();
        var alike = found.Count;
        if (alike < count)
        {
            var taken = best.Items.ToArray().ToHashSet();
            found.AddRange(Popular().Where(item => Allows(item) && taken.Add(item)).Take(count - alike)
                .Select(item => new FoundItem(item, 0, 0, 0)));
        }

        return (found, alike);
    }

    private static double Factor(double share, double most) => most > 0 ? share / most : 0;

    private double MostBehaviour()
    {
        var most = 0.0;
        for (var n = 0; n < _given.Neighbours.All.Count; n++)
        {
            most = Allows(_given.Neighbours.All.ItemAt(n)) ? Math.Max(most, _given.Neighbours.All.ScoreAt(n)) : most;
        }

        return most;
    }

    private double MostText()
    {
        // In a large catalogue what is known by behaviour is compared only now.
        _given.Text.Compare([.. Enumerable.Range(0, _given.Neighbours.All.Count).Select(_given.Neighbours.All.ItemAt)]);
        var most = 0f;
        for (var number = 0; number < _given.Text.Count; number++)
        {
            if (_given.Text.Centroid[number] > most && _given.Text.ItemAt(number) is >= 0 and var item && Allows(item))
            {
                most = _given.Text.Centroid[number];
            }
        }

        return most;
    }

    private bool Allows(int item)
        => (_variants.Count == 0 || !_variants.Contains(_own.View.Items.Variants[item])) && _own.Allows(item);

    private void Offer(int item, TopList best)
    {
        if (Describe(item).Score is > 0 and var score && score > best.Threshold && Allows(item))
        {
            best.Offer(item, score);
        }
    }

    private FoundItem Describe(int item)
    {
        var number = _text > 0 ? _given.Text.NumberOf(item) : -1;
        var behaviour = _behaviour * _given.Neighbours.All[item];
        var text = number < 0 ? 0 : _text * Math.Max(0, _given.Text.Centroid[number]);
        return new FoundItem(item, behaviour, text, (behaviour + text) * _interest.Of(_own.View.Assignment.SlotOf(item)));
    }

    // Of the week first, and then whatever there is.
    private IEnumerable<int> Popular()
    {
        var (view, popular) = (_own.View, _own.View.Popular[HalfLives.Week].Items.ToArray());
        var all = popular.Concat(Enumerable.Range(0, view.Count).Reverse());
        return all.Where(item => Shares(view.Assignment.SlotOf(item))).Concat(all);
    }
}
