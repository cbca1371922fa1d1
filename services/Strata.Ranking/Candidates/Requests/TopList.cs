namespace Strata.Ranking.Candidates.Requests;

/// <summary>The best items of one source, best first. Of equals the first offered stays ahead.</summary>
public sealed class TopList
{
    private readonly int[] _items;
    private readonly double[] _scores;

    /// <summary>Makes an empty list for at most <paramref name="capacity"/> items.</summary>
    public TopList(int capacity)
    {
        _items = new int[capacity];
        _scores = new double[capacity];
    }

    public int Count { get; private set; }

    /// <summary>No more items fit without driving one out.</summary>
    public bool Full => Count == _items.Length;

    /// <summary>What a score must exceed to get in.</summary>
    public double Threshold => Full ? _scores[^1] : double.NegativeInfinity;

    /// <summary>Items, best first.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>The best score; <paramref name="otherwise"/> for an empty list.</summary>
    public double Best(double otherwise) => Count > 0 ? _scores[0] : otherwise;

    /// <summary>0-based rank of an item; −1: not in the list.</summary>
    public int RankOf(int item) => Items.IndexOf(item);

    public void Offer(int item, double score)
    {
        if (!(score > Threshold))
        {
            return;
        }

        var at = Full ? Count - 1 : Count++;
        while (at > 0 && _scores[at - 1] < score)
        {
            _items[at] = _items[at - 1];
            _scores[at] = _scores[at - 1];
            at--;
        }

        _items[at] = item;
        _scores[at] = score;
    }

    public void Clear() => Count = 0;
}
