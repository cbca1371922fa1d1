using System.Numerics.Tensors;
using Strata.Contracts.State.V1;
using Strata.Numerics;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Layers;
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

    /// <summary>How much of a query is its answers, once it is known what answers it; the rest is its own words.</summary>
    public const float AnswerShare = 0.7f;

    // Items that answer a query, and the difference of cosines at which one counts e times as much as the next: as the Featurizer has it.
    private const int Answers = 20;
    private const float Temperature = 0.05f;
    private const float LeastAnswer = 0.24f;

    // Layers of a query, and the difference of cosines that counts e times.
    private const int Layers = 3;
    private const double LayerTemperature = 0.05;

    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly float[][] _own = [[], [], []];
    private readonly float[][] _vectors = [[], [], []];
    private readonly int[] _numbers = new int[3];
    private bool _newestIsLastAct;

    public int Count { get; private set; }

    /// <summary>The newest query is among them and is the last thing that the user did.</summary>
    public bool LastAct => _newestIsLastAct && Count > 0 && _numbers[0] == 0;

    /// <summary>A query's own vector.</summary>
    public ReadOnlySpan<float> this[int query] => _own[query];

    /// <summary>A query's number in the profile.</summary>
    public int NumberOf(int query) => _numbers[query];

    /// <summary>Largest discounted similarity of a vector to a query and its answers, 0 at least.</summary>
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
                _own[Count] = new float[vectors.Dimension];
            }

            if (!vectors.TryCentre(query.Vector, _vectors[Count]))
            {
                return;
            }

            _vectors[Count].CopyTo(_own[Count], 0);
            _numbers[Count] = Count;
            Count++;
        }
    }

    /// <summary>
    /// Compares all rows with the queries and their answers: the largest discounted similarity of each, 0 at least. Queries that nothing
    /// answers are dropped.
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

            var answers = new PriorityQueue<int, float>(Answers + 1);
            for (var row = 0; row < scratch.Length; row++)
            {
                Offer(answers, row, scratch[row], vectors.ItemOf(row) >= 0);
            }

            Expand(query, vectors, answers);
            vectors.Scan(_vectors[query], 0, scratch);
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
            var answers = new PriorityQueue<int, float>(Answers + 1);
            foreach (var item in view.Assignment.ItemsBySlot is { } lists && slot < view.Layers.Count ? lists[slot] : [])
            {
                if (view.Vectors.RowOf(item) is >= 0 and var row)
                {
                    var cosine = VectorMath.Dot(_vectors[query], view.Vectors.Vector(row));
                    best = Math.Max(best, cosine);
                    Offer(answers, row, cosine, true);
                }
            }

            if (best < Near)
            {
                Drop(query);
                continue;
            }

            Expand(query, view.Vectors, answers);
            slots.Add(slot);
            query++;
        }

        return slots;
    }

    /// <summary>The layers that the newest query and its answers lie in, with their shares, which sum to 1.</summary>
    public IReadOnlyList<(int Slot, double Share)> LayersOf(LayerView layers)
    {
        if (Count == 0 || layers.Count == 0 || layers.Dimension != _vectors[0].Length)
        {
            return [];
        }

        var direction = _vectors[0].ToArray();
        VectorMath.TryNormalize(direction);
        var nearest = Enumerable.Range(0, layers.Count)
            .Select(slot => (Slot: slot, Cosine: VectorMath.Dot(direction, layers.Centroid(slot))))
            .OrderByDescending(layer => layer.Cosine)
            .Take(Layers)
            .ToArray();
        var shares = nearest.Select(layer => Math.Exp((layer.Cosine - nearest[0].Cosine) / LayerTemperature)).ToArray();
        return [.. nearest.Zip(shares, (layer, share) => (layer.Slot, share / shares.Sum()))];
    }

    private static void Offer(PriorityQueue<int, float> answers, int row, float cosine, bool current)
    {
        if (!current || cosine < LeastAnswer)
        {
            return;
        }

        if (answers.Count < Answers)
        {
            answers.Enqueue(row, cosine);
        }
        else
        {
            answers.EnqueueDequeue(row, cosine);
        }
    }

    // A query becomes the mixture of itself and the weighted mean of its answers: a product with it is the mixture of both cosines.
    private void Expand(int query, VectorStore vectors, PriorityQueue<int, float> answers)
    {
        var best = answers.UnorderedItems.Max(answer => answer.Priority);
        var mean = new float[_vectors[query].Length];
        foreach (var (row, cosine) in answers.UnorderedItems.OrderBy(answer => answer.Element))
        {
            VectorMath.AddScaled(mean, vectors.Vector(row), MathF.Exp((cosine - best) / Temperature));
        }

        VectorMath.TryNormalize(mean);
        TensorPrimitives.Multiply(_vectors[query], 1 - AnswerShare, _vectors[query]);
        VectorMath.AddScaled(_vectors[query], mean, AnswerShare);
    }

    // Nothing answers a query: it steers nothing.
    private void Drop(int query)
    {
        Count--;
        for (var next = query; next < Count; next++)
        {
            (_vectors[next], _vectors[next + 1]) = (_vectors[next + 1], _vectors[next]);
            (_own[next], _own[next + 1]) = (_own[next + 1], _own[next]);
            _numbers[next] = _numbers[next + 1];
        }
    }
}
