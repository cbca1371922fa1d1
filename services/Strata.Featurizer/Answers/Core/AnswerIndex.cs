using BitFaster.Caching.Lru;
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
    // Queries whose answer is remembered while the items stay the same: the same few are most of what is searched for.
    private const int RememberedAnswers = 4_096;

    private readonly ConcurrentLru<Vector, QueryAnswer?> _answers = new(RememberedAnswers);
    private readonly Dictionary<ItemKey, Vector?> _pending = [];
    private readonly Dictionary<int, PivotLists> _lists = []; // by dimensions: vectors of others cannot be compared
    private readonly ReaderWriterLock _gate = new(); // the slim one would have to be disposed of

    /// <summary>Items that can answer, as published.</summary>
    public int Count => _lists.Values.Sum(lists => lists.Count);

    /// <summary>
    /// Whether enough has changed that publishing it costs no more than publishing all at the end: while nobody asks, more often is waste.
    /// </summary>
    public bool IsDue => _pending.Count >= Math.Max(4_096, Count / 4);

    /// <summary>Writer: a new item, or a new vector of one.</summary>
    public void Put(string itemId, Vector vector) => _pending[ItemKey.Of(itemId)] = vector;

    /// <summary>Writer: an item that is gone answers nothing.</summary>
    public void Remove(string itemId) => _pending[ItemKey.Of(itemId)] = null;

    /// <summary>
    /// Writer: shows readers everything so far. Readers wait only while items change places, some microseconds each.
    /// </summary>
    public void Publish()
    {
        if (_pending.Count == 0)
        {
            return;
        }

        foreach (var dimensions in _pending.Values.OfType<Vector>().Select(vector => vector.Codes.Length).Distinct())
        {
            if (!_lists.ContainsKey(dimensions))
            {
                Change(() => _lists.Add(dimensions, new PivotLists(dimensions)));
            }
        }

        foreach (var (dimensions, lists) in _lists)
        {
            var change = lists.Prepare(_pending.ToDictionary(item => item.Key, item => CodesOf(item.Value, dimensions)));
            Change(() =>
            {
                lists.Apply(change);
                _answers.Clear();
            });
        }

        _pending.Clear();
    }

    /// <summary>
    /// The mean of the answers, weighted by the softmax of their cosines, and the nearest of them: null when none is near, or there are no
    /// items.
    /// </summary>
    /// <param name="query">The query's own vector.</param>
    /// <param name="plain">Where the encoder puts queries and items.</param>
    public QueryAnswer? Answer(Vector query, PlainMeans plain)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(plain);
        if (_answers.TryGet(query, out var known))
        {
            return known;
        }

        var direction = new float[query.Codes.Length];
        if (!plain.TryCentre(query, direction))
        {
            return null;
        }

        var compared = new ComparedQuery(direction, plain.Items);
        var nearest = new NearestItems(options.Items, (float)options.LeastCosine);
        _gate.AcquireReaderLock(Timeout.Infinite);
        try
        {
            if (_lists.TryGetValue(direction.Length, out var lists))
            {
                lists.Find(compared, options.Compared, nearest);
            }

            var answer = Mean(nearest, direction.Length);
            _answers.AddOrUpdate(query, answer);
            return answer;
        }
        finally
        {
            _gate.ReleaseReaderLock();
        }
    }

    private QueryAnswer? Mean(NearestItems answers, int dimensions)
    {
        var mean = new float[dimensions];
        var item = new float[dimensions];
        for (var i = 0; i < answers.Count; i++)
        {
            var (cosine, block, row) = answers[i];
            Int8Codec.Decode(block.Row(row), block.Inverse[row], item);
            VectorMath.AddScaled(mean, item, (float)Math.Exp((cosine - answers[0].Cosine) / options.Temperature));
        }

        return VectorMath.TryNormalize(mean) ? new QueryAnswer(Vectors.ToVector(mean), answers.First.Id) : null;
    }

    private void Change(Action change)
    {
        _gate.AcquireWriterLock(Timeout.Infinite);
        try
        {
            change();
        }
        finally
        {
            _gate.ReleaseWriterLock();
        }
    }

    // Codes that are all zero point nowhere.
    private static ReadOnlyMemory<byte>? CodesOf(Vector? vector, int dimensions)
    {
        if (vector is null || vector.Codes.Length != dimensions || !vector.Codes.Span.ContainsAnyExcept((byte)0))
        {
            return null;
        }

        return vector.Codes.Memory;
    }
}
