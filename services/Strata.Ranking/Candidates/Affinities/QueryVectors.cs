using System.Numerics.Tensors;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Vectors;

namespace Strata.Ranking.Candidates.Affinities;

/// <summary>The user's queries of the last day, newest first, in the space of the items.</summary>
internal sealed class QueryVectors
{
    /// <summary>How much less each older query counts.</summary>
    public const double Discount = 0.7;

    /// <summary>
    /// Cosine that a query's nearest item has at least, or nothing answers it. Of the sample's 60 first queries the nearest items have .39
    /// to .63, of words that have nothing to do with the shop .31 to .43, most of them less than .38.
    /// </summary>
    public const float Near = 0.38f;

    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly float[][] _vectors = [[], [], []];
    private readonly int[] _numbers = new int[3];
    private bool _newestIsLastAct;

    public int Count { get; private set; }

    /// <summary>The newest query is among them and is the last thing that the user did.</summary>
    public bool LastAct => _newestIsLastAct && Count > 0 && _numbers[0] == 0;

    public ReadOnlySpan<float> this[int query] => _vectors[query];

    /// <summary>A query's number in the profile.</summary>
    public int NumberOf(int query) => _numbers[query];

    /// <summary>Largest discounted cosine of a vector to a query, 0 at least.</summary>
    public float Compare(ReadOnlySpan<float> vector)
    {
        var (best, weight) = (0f, 1f);
        for (var query = 0; query < Count; query++)
        {
            best = Math.Max(best, weight * VectorMath.Dot(vector, _vectors[query]));
            weight *= (float)Discount;
        }

        return best;
    }

    /// <summary>Brings a user's queries into the space; those of another encoder end the row.</summary>
    public void Centre(VectorStore vectors, Profile? profile, long nowMs)
    {
        Count = 0;
        _newestIsLastAct = profile is { Queries: [var newest, ..] } && newest.TimeUnixMs >= profile.LastEventUnixMs;
        foreach (var query in profile?.Queries ?? [])
        {
            if (Count == _vectors.Length || nowMs - query.TimeUnixMs > Memory.TotalMilliseconds)
            {
                return;
            }

            if (_vectors[Count].Length != vectors.Dimension)
            {
                _vectors[Count] = new float[vectors.Dimension];
            }

            if (!vectors.TryCentre(query.Vector, _vectors[Count]))
            {
                return;
            }

            _numbers[Count] = Count;
            Count++;
        }
    }

    /// <summary>
    /// Compares all rows with the queries: the largest discounted cosine of each, 0 at least. Queries that nothing answers are dropped.
    /// </summary>
    /// <param name="vectors">The rows.</param>
    /// <param name="scratch">As long as there are rows.</param>
    /// <param name="search">Takes the result; aligned.</param>
    public void Score(VectorStore vectors, Span<float> scratch, Span<float> search)
    {
        var weight = 1f;
        for (var query = 0; query < Count;)
        {
            vectors.Scan(_vectors[query], 0, scratch);
            if (scratch.IsEmpty || TensorPrimitives.Max<float>(scratch) < Near)
            {
                Drop(query);
                continue;
            }

            TensorPrimitives.Multiply(scratch, weight, scratch);
            TensorPrimitives.Max(search, scratch, search);
            weight *= (float)Discount;
            query++;
        }
    }

    /// <summary>The layers that the queries lie in. Queries that nothing there answers are dropped.</summary>
    public List<int> AnsweredIn(CatalogueView view)
    {
        var slots = new List<int>();
        for (var query = 0; query < Count;)
        {
            var slot = view.Layers.Nearest(_vectors[query]);
            var best = float.NegativeInfinity;
            foreach (var item in view.Assignment.ItemsBySlot is { } lists && slot < view.Layers.Count ? lists[slot] : [])
            {
                best = view.Vectors.RowOf(item) is >= 0 and var row
                    ? Math.Max(best, VectorMath.Dot(_vectors[query], view.Vectors.Vector(row)))
                    : best;
            }

            if (best < Near)
            {
                Drop(query);
                continue;
            }

            slots.Add(slot);
            query++;
        }

        return slots;
    }

    // Nothing answers a query: it steers nothing.
    private void Drop(int query)
    {
        Count--;
        for (var next = query; next < Count; next++)
        {
            (_vectors[next], _vectors[next + 1]) = (_vectors[next + 1], _vectors[next]);
            _numbers[next] = _numbers[next + 1];
        }
    }
}
