using Strata.Numerics;

namespace Strata.Featurizer.Answers.Core;

/// <summary>
/// A query as it is compared with items' vectors as they rest. With x an item's unit vector, m the mean of items and q the query's unit
/// vector less the mean of queries, the cosine is (x·q − m·q) / √(1 − 2 x·m + m·m): both products with x are sums of whole numbers.
/// </summary>
internal sealed class ComparedQuery
{
    private readonly short[] _query;
    private readonly short[] _mean;
    private readonly float _queryStep;
    private readonly float _meanStep;
    private readonly float _meanTimesQuery;
    private readonly float _squaredMean;

    /// <param name="query">A unit vector, less the mean of queries.</param>
    /// <param name="mean">The mean of items.</param>
    public ComparedQuery(ReadOnlySpan<float> query, ReadOnlySpan<float> mean)
    {
        (_query, _mean) = (new short[query.Length], new short[mean.Length]);
        (_queryStep, _meanStep) = (Int8Products.Encode(query, _query), Int8Products.Encode(mean, _mean));
        (_meanTimesQuery, _squaredMean) = (VectorMath.Dot(mean, query), VectorMath.Dot(mean, mean));
    }

    /// <summary>Writes the cosines of items.</summary>
    /// <param name="rows">Their vectors as they rest, row-major.</param>
    /// <param name="inverse">One over the length of each.</param>
    /// <param name="cosines">One each.</param>
    public void Compare(ReadOnlySpan<sbyte> rows, ReadOnlySpan<float> inverse, Span<float> cosines)
    {
        Span<int> queries = stackalloc int[ItemBlock.Rows];
        Span<int> means = stackalloc int[ItemBlock.Rows];
        for (var from = 0; from < inverse.Length; from += ItemBlock.Rows)
        {
            var count = Math.Min(ItemBlock.Rows, inverse.Length - from);
            Int8Products.Multiply(rows.Slice(from * _query.Length, count * _query.Length), _query, _mean, queries, means);
            for (var row = 0; row < count; row++)
            {
                var unit = inverse[from + row];
                var squares = 1 - (2 * means[row] * _meanStep * unit) + _squaredMean;
                // An item that is the mean points nowhere.
                cosines[from + row] = squares > 1e-12f ? ((queries[row] * _queryStep * unit) - _meanTimesQuery) / MathF.Sqrt(squares) : 0;
            }
        }
    }
}
