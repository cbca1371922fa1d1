using System.Runtime.InteropServices;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Embeddings.Core;
using Strata.Numerics;

namespace Strata.Featurizer.Answers.Core;

/// <summary>
/// The catalogue's vectors, and which of them answer a query. Queries and items lie in different parts of an encoder's space: each is
/// compared less the mean of its kind. One writer; any number of readers, who see an item's old vector or its new one.
/// </summary>
/// <param name="options">How many answers count, and how much.</param>
internal sealed class AnswerIndex(AnswersOptions options)
{
    // The items' mean moves with each of them; what hangs on it is computed anew when the catalogue has grown or shrunk by so much.
    private const double Drift = 1.1;

    private readonly Dictionary<string, int> _rowOfItem = new(StringComparer.Ordinal);
    private double[] _sum = [];
    private Rows _rows = Rows.Empty;
    private int _alive;
    private int _centredAt;

    /// <summary>Items that can answer.</summary>
    public int Count => Volatile.Read(ref _alive);

    /// <summary>Writer: a new item, or a new vector of one.</summary>
    public void Put(string itemId, Vector vector)
    {
        Remove(itemId);
        var unit = Decode(vector);
        if (!VectorMath.TryNormalize(unit) || (_sum.Length > 0 && unit.Length != _sum.Length))
        {
            return;
        }

        if (_sum.Length == 0)
        {
            _sum = new double[unit.Length];
        }

        for (var k = 0; k < unit.Length; k++)
        {
            _sum[k] += unit[k];
        }

        Volatile.Write(ref _rows, _rows.With(vector, unit));
        _rowOfItem[itemId] = _rows.Count - 1;
        _alive++;
        Centre();
    }

    /// <summary>Writer: an item that is gone answers nothing.</summary>
    public void Remove(string itemId)
    {
        if (!_rowOfItem.Remove(itemId, out var row))
        {
            return;
        }

        var unit = Decode(_rows.Vectors[row]!);
        VectorMath.TryNormalize(unit);
        for (var k = 0; k < unit.Length; k++)
        {
            _sum[k] -= unit[k];
        }

        _rows.Vectors[row] = null;
        _alive--;
        Centre();
    }

    /// <summary>
    /// The mean of the answers, weighted by the softmax of their cosines: null when none is near, or there are no items. A unit vector in
    /// the encoder's space, as an item's.
    /// </summary>
    /// <param name="query">The query's own vector.</param>
    /// <param name="queries">Mean of unit vectors of queries.</param>
    public Vector? Answer(Vector query, ReadOnlySpan<float> queries)
    {
        ArgumentNullException.ThrowIfNull(query);
        var rows = Volatile.Read(ref _rows);
        var direction = Decode(query);
        if (direction.Length != queries.Length || direction.Length != rows.Mean.Length
            || !VectorMath.TryNormalize(direction) || !VectorMath.TryCentre(direction, queries))
        {
            return null;
        }

        var best = new PriorityQueue<int, double>(options.Items + 1);
        var (item, offset) = (new float[direction.Length], VectorMath.Dot(direction, rows.Mean));
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows.Vectors[row] is { } vector)
            {
                Decode(vector, item);
                var cosine = ((VectorMath.Dot(direction, item) * rows.Lengths[row].Unit) - offset) * rows.Lengths[row].Centred;
                if (best.Count < options.Items)
                {
                    best.Enqueue(row, cosine);
                }
                else
                {
                    best.EnqueueDequeue(row, cosine);
                }
            }
        }

        return Mean(rows, best, item);
    }

    private Vector? Mean(Rows rows, PriorityQueue<int, double> best, float[] item)
    {
        var answers = best.UnorderedItems.OrderByDescending(answer => answer.Priority).ThenBy(answer => answer.Element)
            .Where(answer => answer.Priority >= options.LeastCosine)
            .ToList();
        if (answers.Count == 0)
        {
            return null;
        }

        var mean = new float[item.Length];
        foreach (var (row, cosine) in answers)
        {
            if (rows.Vectors[row] is { } vector)
            {
                Decode(vector, item);
                var weight = Math.Exp((cosine - answers[0].Priority) / options.Temperature);
                VectorMath.AddScaled(mean, item, (float)weight * rows.Lengths[row].Unit);
            }
        }

        return VectorMath.TryNormalize(mean) ? Vectors.ToVector(mean) : null;
    }

    // Drops rows of items that are gone, and brings what hangs on the mean up to date.
    private void Centre()
    {
        var stale = _alive > _centredAt * Drift || _alive * Drift < _centredAt;
        if (!stale && _rows.Count < (2 * _alive) + 64)
        {
            return;
        }

        _centredAt = _alive;
        var mean = new float[_sum.Length];
        for (var k = 0; k < mean.Length && _alive > 0; k++)
        {
            mean[k] = (float)(_sum[k] / _alive);
        }

        var rows = new Rows(mean);
        foreach (var (itemId, row) in _rowOfItem.OrderBy(pair => pair.Value).ToList())
        {
            var unit = Decode(_rows.Vectors[row]!);
            VectorMath.TryNormalize(unit);
            _rowOfItem[itemId] = rows.Count;
            rows = rows.With(_rows.Vectors[row]!, unit);
        }

        Volatile.Write(ref _rows, rows);
    }

    private static float[] Decode(Vector vector)
    {
        var components = new float[vector.Codes.Length];
        Decode(vector, components);
        return components;
    }

    private static void Decode(Vector vector, float[] components)
        => Int8Codec.Decode(MemoryMarshal.Cast<byte, sbyte>(vector.Codes.Span), vector.Scale, components);

    /// <summary>Rows under one mean. A row is written once, before a reader can see it; it may be emptied.</summary>
    private sealed class Rows(float[] mean)
    {
        public static readonly Rows Empty = new([]);

        public float[] Mean { get; } = mean;

        public Vector?[] Vectors { get; private init; } = new Vector?[64];

        /// <summary>By row: 1 / length of the vector as decoded, and 1 / length of its unit vector less the mean.</summary>
        public (float Unit, float Centred)[] Lengths { get; private init; } = new (float, float)[64];

        public int Count { get; private init; }

        /// <summary>These rows and one more; they share their arrays while there is space.</summary>
        public Rows With(Vector vector, ReadOnlySpan<float> unit)
        {
            var (vectors, lengths) = (Vectors, Lengths);
            if (Count == vectors.Length)
            {
                Array.Resize(ref vectors, 2 * Count);
                Array.Resize(ref lengths, 2 * Count);
            }

            vectors[Count] = vector;
            lengths[Count] = (1 / LengthOf(vector), 1 / Math.Max(1e-3f, DistanceFromMean(unit)));
            return new Rows(Mean) { Vectors = vectors, Lengths = lengths, Count = Count + 1 };
        }

        private float DistanceFromMean(ReadOnlySpan<float> unit)
        {
            var sum = 0.0;
            for (var k = 0; k < unit.Length; k++)
            {
                var left = unit[k] - (Mean.Length > 0 ? Mean[k] : 0);
                sum += left * left;
            }

            return (float)Math.Sqrt(sum);
        }

        private static float LengthOf(Vector vector)
        {
            var components = Decode(vector);
            return MathF.Sqrt(VectorMath.Dot(components, components));
        }
    }
}
