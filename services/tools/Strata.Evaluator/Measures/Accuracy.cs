namespace Strata.Evaluator.Measures;

/// <summary>Means over tested events.</summary>
/// <param name="Tests">Number of tested events.</param>
/// <param name="Hr10">Share with the item among the first 10.</param>
/// <param name="Hr20">The same, 20.</param>
/// <param name="Ndcg10">Mean discounted gain among the first 10.</param>
/// <param name="Ndcg20">The same, 20.</param>
/// <param name="Mrr">Mean reciprocal rank.</param>
internal sealed record Accuracy(int Tests, double Hr10, double Hr20, double Ndcg10, double Ndcg20, double Mrr)
{
    /// <summary>Over all of <paramref name="ranks"/>, or those that <paramref name="where"/> takes.</summary>
    public static Accuracy Of(ReadOnlySpan<Rank> ranks, Func<int, bool>? where = null)
    {
        var (n, hr10, hr20, ndcg10, ndcg20, mrr) = (0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < ranks.Length; i++)
        {
            if (where?.Invoke(i) == false)
            {
                continue;
            }

            n++;
            hr10 += ranks[i].Hit(10);
            hr20 += ranks[i].Hit(20);
            ndcg10 += ranks[i].Gain(10);
            ndcg20 += ranks[i].Gain(20);
            mrr += ranks[i].Reciprocal();
        }

        var d = Math.Max(n, 1);
        return new Accuracy(n, hr10 / d, hr20 / d, ndcg10 / d, ndcg20 / d, mrr / d);
    }

    /// <summary>
    /// Recall at <paramref name="depth"/>: of the items that one user took at one time, the share found, averaged over users' times. Tests
    /// of one group lie side by side.
    /// </summary>
    public static double Recall<TGroup>(ReadOnlySpan<Rank> ranks, Func<int, TGroup> groupOf, int depth)
        where TGroup : IEquatable<TGroup>
    {
        var (groups, sum, found, size) = (0, 0.0, 0.0, 0);
        for (var i = 0; i < ranks.Length; i++)
        {
            found += ranks[i].Hit(depth);
            size++;
            if (i + 1 == ranks.Length || !groupOf(i + 1).Equals(groupOf(i)))
            {
                groups++;
                sum += found / size;
                (found, size) = (0, 0);
            }
        }

        return groups == 0 ? 0 : sum / groups;
    }
}
