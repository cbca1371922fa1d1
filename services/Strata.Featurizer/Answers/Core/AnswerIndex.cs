using System.Runtime.InteropServices;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Embeddings.Core;
using Strata.Numerics;

namespace Strata.Featurizer.Answers.Core;

/// <summary>
/// The catalogue's vectors, and which of them answer a query. Queries and items lie in different parts of an encoder's space: each is
/// compared less the mean of its kind. The answer depends on which items there are, not on the order in which they came. One writer; any
/// number of readers, who see what was published last.
/// </summary>
/// <param name="options">How many answers count, and how much.</param>
internal sealed class AnswerIndex(AnswersOptions options)
{
    private readonly Dictionary<string, int> _rowOfItem = new(StringComparer.Ordinal);
    private readonly List<int> _removed = [];
    private Vector?[] _vectors = new Vector?[64];
    private int _rows;
    private Published _published = new([], 0);

    /// <summary>Items that can answer.</summary>
    public int Count => _rowOfItem.Count;

    /// <summary>Writer: a new item, or a new vector of one.</summary>
    public void Put(string itemId, Vector vector)
    {
        Remove(itemId);
        if (_rows == _vectors.Length)
        {
            Array.Resize(ref _vectors, 2 * _rows);
        }

        _vectors[_rows] = vector;
        _rowOfItem[itemId] = _rows++;
    }

    /// <summary>Writer: an item that is gone answers nothing.</summary>
    public void Remove(string itemId)
    {
        if (_rowOfItem.Remove(itemId, out var row))
        {
            _removed.Add(row);
        }
    }

    /// <summary>Writer: shows readers everything so far.</summary>
    public void Publish()
    {
        if (_rows > (2 * Count) + 64)
        {
            Compact();
        }

        _removed.ForEach(row => _vectors[row] = null);
        _removed.Clear();
        Volatile.Write(ref _published, new Published(_vectors, _rows));
    }

    /// <summary>
    /// The mean of the answers, weighted by the softmax of their cosines: null when none is near, or there are no items. A unit vector in
    /// the encoder's space, as an item's.
    /// </summary>
    /// <param name="query">The query's own vector.</param>
    /// <param name="plain">Where the encoder puts queries and items.</param>
    public Vector? Answer(Vector query, PlainMeans plain)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(plain);
        var items = Volatile.Read(ref _published);
        var direction = new float[query.Codes.Length];
        if (!plain.TryCentre(query, direction))
        {
            return null;
        }

        var best = new PriorityQueue<Vector, double>(options.Items + 1);
        var item = new float[direction.Length];
        for (var row = 0; row < items.Rows; row++)
        {
            if (items.Vectors[row] is { } vector && vector.Codes.Length == item.Length)
            {
                Decode(vector, item);
                var cosine = VectorMath.TryNormalize(item) && VectorMath.TryCentre(item, plain.Items) ? VectorMath.Dot(direction, item) : 0;
                if (best.Count < options.Items)
                {
                    best.Enqueue(vector, cosine);
                }
                else
                {
                    best.EnqueueDequeue(vector, cosine);
                }
            }
        }

        return Mean([.. best.UnorderedItems.Where(answer => answer.Priority >= options.LeastCosine)], item);
    }

    private Vector? Mean(List<(Vector Vector, double Cosine)> answers, float[] item)
    {
        if (answers.Count == 0)
        {
            return null;
        }

        answers.Sort(static (a, b) => b.Cosine.CompareTo(a.Cosine));
        var mean = new float[item.Length];
        foreach (var (vector, cosine) in answers)
        {
            Decode(vector, item);
            VectorMath.TryNormalize(item);
            VectorMath.AddScaled(mean, item, (float)Math.Exp((cosine - answers[0].Cosine) / options.Temperature));
        }

        return VectorMath.TryNormalize(mean) ? Vectors.ToVector(mean) : null;
    }

    // Into arrays of its own: readers still have the old ones.
    private void Compact()
    {
        var vectors = new Vector?[Math.Max(64, 2 * Count)];
        _rows = 0;
        foreach (var (itemId, row) in _rowOfItem.OrderBy(pair => pair.Value).ToList())
        {
            vectors[_rows] = _vectors[row];
            _rowOfItem[itemId] = _rows++;
        }

        _vectors = vectors;
        _removed.Clear();
    }

    private static void Decode(Vector vector, float[] components)
        => Int8Codec.Decode(MemoryMarshal.Cast<byte, sbyte>(vector.Codes.Span), vector.Scale, components);

    /// <summary>What readers see: rows below <paramref name="Rows"/>, emptied where an item is gone.</summary>
    private sealed record Published(Vector?[] Vectors, int Rows);
}
