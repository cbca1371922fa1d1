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
    /// Cosine that a query's nearest item has at least, or nothing answers it, unless a title holds its words. Of the sample's 357 queries
    /// four lie below; of 100 titles of programmers' questions none above, of 20 other things that no shop sells two.
    /// </summary>
    public const float Near = 0.27f;

    /// <summary>How much of a query is its answers where its layers are looked for; the rest is its own words.</summary>
    private const float AnswerShare = 0.7f;

    // Layers of a query, and the difference of cosines that counts e times.
    private const int Layers = 3;
    private const double LayerTemperature = 0.05;

    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly Query[] _queries = [new(), new(), new()];
    private bool _newestIsLastAct;
    private readonly VectorBatch _batch = new();
    private float[] _scores = [];

    public int Count { get; private set; }

    /// <summary>The newest query is among them and is the last thing that the user did.</summary>
    public bool LastAct => _newestIsLastAct && Count > 0 && _queries[0].Number == 0;

    public ReadOnlySpan<float> this[int query] => _queries[query].Direction;

    /// <summary>A query's number in the profile.</summary>
    public int NumberOf(int query) => _queries[query].Number;

    /// <summary>Largest discounted score of a row that was not among those scored, 0 at least.</summary>
    public float Compare(CatalogueView view, int row)
    {
        var (best, weight) = (0f, 1f);
        for (var query = 0; query < Count; query++)
        {
            best = Math.Max(best, weight * _queries[query].Match.Score(view, row));
            weight *= (float)Discount;
        }

        return best;
    }

    /// <summary>Brings a user's queries into the space; those of another encoder end the row.</summary>
    public void Centre(CatalogueView view, Profile? profile, long nowMs)
    {
        Count = 0;
        _newestIsLastAct = profile is { Queries: [var newest, ..] } && newest.TimeUnixMs >= profile.LastEventUnixMs;
        foreach (var query in profile?.Queries ?? [])
        {
            if (Count == _queries.Length
                || nowMs - query.TimeUnixMs > Memory.TotalMilliseconds
                || !_queries[Count].TryTake(view, query, Count))
            {
                return;
            }

            Count++;
        }
    }

    /// <summary>
    /// Scores rows by the queries: the largest discounted score of each, 0 at least. Queries that nothing answers are dropped.
    /// </summary>
    /// <param name="view">The catalogue.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="search">Takes the result, aligned with the rows; 0 before.</param>
    public void Score(CatalogueView view, ReadOnlySpan<int> rows, Span<float> search)
    {
        if (_scores.Length < rows.Length)
        {
            _scores = new float[rows.Length];
        }

        var weight = 1f;
        var scores = _scores.AsSpan(0, rows.Length);
        for (var query = 0; query < Count;)
        {
            if (!_queries[query].Match.TryScore(view, this[query], _queries[query].Terms, rows, Near, scores))
            {
                Drop(query);
                continue;
            }

            for (var n = 0; n < scores.Length; n++)
            {
                search[n] = Math.Max(search[n], weight * scores[n]);
            }

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
            var slot = view.Layers.Nearest(this[query]);
            int[] rows =
            [
                .. (view.Assignment.ItemsBySlot is { } lists && slot < view.Layers.Count ? lists[slot] : [])
                    .Select(view.Vectors.RowOf).Where(row => row >= 0),
            ];
            if (_scores.Length < rows.Length)
            {
                _scores = new float[rows.Length];
            }

            _batch.Begin(view.Vectors);
            _batch.Add(this[query]);
            view.Vectors.Compare(_batch, rows, _scores);
            if (rows.Length == 0 || TensorPrimitives.Max<float>(_scores.AsSpan(0, rows.Length)) < Near)
            {
                Drop(query);
                continue;
            }

            slots.Add(slot);
            query++;
        }

        return slots;
    }

    /// <summary>The layers that the newest query and its answers lie in, with their shares, which sum to 1.</summary>
    public IReadOnlyList<(int Slot, double Share)> LayersOf(LayerView layers)
    {
        if (Count == 0 || layers.Count == 0 || layers.Dimension != this[0].Length)
        {
            return [];
        }

        var direction = new float[layers.Dimension];
        VectorMath.AddScaled(direction, this[0], 1 - AnswerShare);
        VectorMath.AddScaled(direction, _queries[0].Match.Answers, AnswerShare);
        VectorMath.TryNormalize(direction);
        var nearest = Enumerable.Range(0, layers.Count)
            .Select(slot => (Slot: slot, Cosine: VectorMath.Dot(direction, layers.Centroid(slot))))
            .OrderByDescending(layer => layer.Cosine)
            .Take(Layers)
            .ToArray();
        var shares = nearest.Select(layer => Math.Exp((layer.Cosine - nearest[0].Cosine) / LayerTemperature)).ToArray();
        return [.. nearest.Zip(shares, (layer, share) => (layer.Slot, share / shares.Sum()))];
    }

    // Nothing answers a query: it steers nothing.
    private void Drop(int query)
    {
        Count--;
        var dropped = _queries[query];
        Array.Copy(_queries, query + 1, _queries, query, Count - query);
        _queries[Count] = dropped;
    }

    /// <summary>A query and what is needed to compare it.</summary>
    private sealed class Query
    {
        public float[] Direction { get; private set; } = [];

        public IReadOnlyList<string> Terms { get; private set; } = [];

        public int Number { get; private set; }

        public QueryMatch Match { get; } = new();

        public bool TryTake(CatalogueView view, ProfileQuery query, int number)
        {
            if (Direction.Length != view.Vectors.Dimension)
            {
                Direction = new float[view.Vectors.Dimension];
            }

            (Terms, Number) = ([.. query.Terms.Distinct(StringComparer.Ordinal)], number);
            return query.Centred ? view.Vectors.TryDecode(query.Vector, Direction) : view.Vectors.TryCentre(query.Vector, Direction);
        }
    }
}
