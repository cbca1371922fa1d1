using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Affinities;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Items;

namespace Strata.Ranking.Lookups;

/// <summary>
/// Items like given ones. By behaviour: of those who chose i the share that also chose j, P(j | i) = (A[i][j] + q[j]) / (nA[i] + 5), the
/// conditional probability of Deshpande and Karypis 2004 (Item-based top-N recommendation algorithms, α = 0) of the co-visits that the
/// sources "neighbours" read, smoothed by what all choose (Zhai and Lafferty 2004, Dirichlet priors): q is the week's popularity over that
/// of the most popular item, so a prior of one choice at most. Over several i the sum by 0.97^k · √(nA[i] + 5): what is known better counts
/// more. By text: the cosine to the sum of the given items' texts. By both: each over its largest value, behaviour by n / (n + 1) and text
/// by the rest, n being how many chose the given items: what nobody chose goes by its text.
/// </summary>
/// <remarks>A cosine, which divides by √nA[j] as well, finds less of what is bought next (strata evaluate similar).</remarks>
internal sealed class SimilarItems
{
    private const double PriorChoices = 1;
    private const double TextChoices = 1;

    private readonly RankingRequest _given;
    private readonly RankingRequest _own;
    private readonly double _behaviour;
    private readonly double _text;
    private readonly LayerInterest _interest;
    private readonly HashSet<int> _variants = [];
    private readonly HashSet<int> _slots = [];
    private readonly double _choices;
    private readonly double _prior;
    private readonly double _top;

    /// <param name="given">A request of somebody who has just touched the given items.</param>
    /// <param name="own">The request of whom it is for, its filters applied.</param>
    /// <param name="by">By what.</param>
    /// <param name="interest">What their layers add.</param>
    public SimilarItems(RankingRequest given, RankingRequest own, Likeness by, LayerInterest interest)
    {
        (_given, _own, _interest) = (given, own, interest);
        _top = given.View.Popular[HalfLives.Week].Keys is [var top, ..] ? top : double.PositiveInfinity;
        var discount = 1.0;
        foreach (var item in given.History.Items)
        {
            if (item >= 0)
            {
                var activity = given.View.Items.Activity[item];
                _variants.Add(given.View.Items.Variants[item]);
                _slots.Add(given.View.Assignment.SlotOf(item));
                _choices += NeighbourScores.Choices(activity, given.NowMs);
                _prior += PriorChoices * discount / Math.Sqrt(NeighbourScores.Touches(activity, given.NowMs));
            }

            discount *= NeighbourScores.AllDiscount;
        }

        _variants.Remove(-1);
        _slots.Remove(given.View.Layers.Count);
        var known = by switch { Likeness.Behaviour => 1, Likeness.Text => 0, _ => _choices / (_choices + TextChoices) };
        _behaviour = known > 0 ? Factor(known, MostBehaviour()) : 0;
        _text = known < 1 ? Factor(1 - known, MostText()) : 0;
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
            var item = _given.Neighbours.All.ItemAt(n);
            most = Allows(item) ? Math.Max(most, Behaviour(item)) : most;
        }

        return most;
    }

    private double Behaviour(int item) => _given.Neighbours.All[item] is > 0 and var score
        ? (score * Math.Sqrt(NeighbourScores.Touches(_given.View.Items.Activity[item], _given.NowMs)))
            + (_prior * double.Exp2(_given.View.Items.WeekKeys[item] - _top))
        : 0;

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
        var behaviour = _behaviour == 0 ? 0 : _behaviour * Behaviour(item);
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
