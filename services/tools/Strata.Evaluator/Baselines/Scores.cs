using Strata.Evaluator.Measures;

namespace Strata.Evaluator.Baselines;

/// <summary>
/// Scores of items for one request: either of some items, all others being 0, or of all (a dense array of the baseline's own). Items that
/// are not alive or excluded never count.
/// </summary>
internal sealed class Scores(int items)
{
    private readonly double[] _sparse = new double[items];
    private readonly int[] _touched = new int[items];
    private readonly bool[] _marked = new bool[items];
    private int _count;
    private double[]? _dense;

    /// <summary>Adds to an item's score, which is positive.</summary>
    public void Add(int item, double score)
    {
        if (!_marked[item])
        {
            _marked[item] = true;
            _touched[_count++] = item;
        }

        _sparse[item] += score;
    }

    /// <summary>All items have the scores of an array.</summary>
    public void Take(double[] dense) => _dense = dense;

    public void Clear()
    {
        for (var i = 0; i < _count; i++)
        {
            _sparse[_touched[i]] = 0;
            _marked[_touched[i]] = false;
        }

        _count = 0;
        _dense = null;
    }

    /// <summary>Where an item stands.</summary>
    public Rank RankOf(int item, in Request request)
    {
        var (better, equal) = (0, 0);
        if (_dense is { } dense)
        {
            var own = dense[item];
            for (var i = 0; i < request.Alive; i++)
            {
                if (dense[i] >= own && !request.Excluded[i])
                {
                    better += dense[i] > own ? 1 : 0;
                    equal += dense[i] == own ? 1 : 0;
                }
            }

            return new Rank(better, equal);
        }

        var score = _sparse[item];
        var positive = 0;
        for (var i = 0; i < _count; i++)
        {
            var other = _touched[i];
            if (other < request.Alive && !request.Excluded[other] && _sparse[other] > 0)
            {
                positive++;
                better += _sparse[other] > score ? 1 : 0;
                equal += _sparse[other] == score ? 1 : 0;
            }
        }

        return score > 0 ? new Rank(better, equal) : new Rank(positive, request.Allowed - positive);
    }

    /// <summary>The best items, of equals the lowest index; what has the lowest score of a sparse list (0) is left out.</summary>
    public void Top(in Request request, Span<int> top)
    {
        top.Fill(-1);
        Span<double> best = stackalloc double[top.Length];
        var n = 0;
        var count = _dense is null ? _count : request.Alive;
        for (var i = 0; i < count; i++)
        {
            var item = _dense is null ? _touched[i] : i;
            var score = _dense is null ? _sparse[item] : _dense[item];
            if (item >= request.Alive || request.Excluded[item] || (_dense is null && score <= 0) || (n == top.Length && score <= best[^1]))
            {
                continue;
            }

            var at = n < top.Length ? n++ : n - 1;
            while (at > 0 && best[at - 1] < score)
            {
                (best[at], top[at]) = (best[at - 1], top[at - 1]);
                at--;
            }

            (best[at], top[at]) = (score, item);
        }
    }
}
