namespace Strata.Ranking.Candidates.Affinities;

/// <summary>A score for some items: open addressing, kept from request to request so that nothing is allocated.</summary>
public sealed class SparseScores
{
    private int[] _keys = new int[1024];
    private double[] _values = new double[1024];
    private int[] _used = new int[512];

    public SparseScores() => Array.Fill(_keys, -1);

    public int Count { get; private set; }

    /// <summary>Item number <paramref name="n"/> in the order of first use.</summary>
    public int ItemAt(int n) => _keys[_used[n]];

    public double ScoreAt(int n) => _values[_used[n]];

    /// <summary>The item's score; 0 when it has none.</summary>
    public double this[int item] => Find(item) is var at && _keys[at] == item ? _values[at] : 0;

    public bool Contains(int item) => _keys[Find(item)] == item;

    /// <summary>The item's score as a whole number; −1 when it has none.</summary>
    public int NumberOf(int item)
    {
        var at = Find(item);
        return _keys[at] == item ? (int)_values[at] : -1;
    }

    /// <summary>Adds to an item's score. True when it had none before.</summary>
    public bool Add(int item, double score)
    {
        var at = Find(item);
        if (_keys[at] == item)
        {
            _values[at] += score;
            return false;
        }

        Put(at, item, score);
        return true;
    }

    /// <summary>Gives an item a number, see <see cref="NumberOf"/>; false when it has one already.</summary>
    public bool TryAdd(int item, int number)
    {
        var at = Find(item);
        if (_keys[at] == item)
        {
            return false;
        }

        Put(at, item, number);
        return true;
    }

    /// <summary>Multiplies the score of item number <paramref name="n"/>.</summary>
    public void Scale(int n, double factor) => _values[_used[n]] *= factor;

    /// <summary>Forgets all scores.</summary>
    public void Clear()
    {
        for (var i = 0; i < Count; i++)
        {
            _keys[_used[i]] = -1;
        }

        Count = 0;
    }

    private void Put(int at, int item, double value)
    {
        if (Count == _used.Length)
        {
            Grow();
            at = Find(item);
        }

        _keys[at] = item;
        _values[at] = value;
        _used[Count++] = at;
    }

    private int Find(int item)
    {
        var mask = _keys.Length - 1;
        var at = (int)((uint)item * 2654435769u >> 7) & mask;
        while (_keys[at] >= 0 && _keys[at] != item)
        {
            at = (at + 1) & mask;
        }

        return at;
    }

    private void Grow()
    {
        var (keys, values, used, count) = (_keys, _values, _used, Count);
        _keys = new int[keys.Length * 2];
        _values = new double[keys.Length * 2];
        _used = new int[keys.Length];
        Array.Fill(_keys, -1);
        Count = 0;
        for (var i = 0; i < count; i++)
        {
            Add(keys[used[i]], values[used[i]]);
        }
    }
}
