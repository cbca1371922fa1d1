using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Seeding;
using Strata.Contracts.Layers.V1;
using Strata.Numerics;
using LayerDelta = Strata.Clustering.Layers.LayerDelta;

namespace Strata.Clustering.Reducer.Core;

/// <summary>
/// Users in layers of their own: the rows that come along with the deltas, grouped by the K-means that groups points
/// (<see cref="LayerStream"/> with its decay, moves and lineage). A user's row is a direction in the space of the layers: the sum of their
/// centres by its shares. So layers that split or merge leave the space as it is, and layers that are alike make users alike. What is kept
/// are sums of many.
/// </summary>
internal sealed class SegmentStream(SegmentsOptions options)
{
    // Rows that a seeding looks at, at most: the newest.
    private const int MostWaiting = 16_384;

    private readonly Queue<Int8Vector> _waiting = new();
    private LayersOptions _kmeans = options.KMeansFor(0);
    private LayerStream? _stream;
    private LayerSet? _gone;
    private SegmentUsers _users = new();

    /// <summary>The segments; null before there are any.</summary>
    public LayerSet? Set => _stream?.Set;

    /// <summary>How many users acted of late.</summary>
    public double Users => _users.Count();

    /// <summary>Offset of the first delta that is not in them.</summary>
    public long Next { get; private set; }

    /// <summary>The deltas from there on are to be read again by who goes on from what was published.</summary>
    public long From(long next) => _stream is { } stream ? Math.Min(Math.Min(Next, next), stream.Set.SamplesFrom ?? next) : next;

    /// <summary>Goes on from what was published, beside these layers.</summary>
    public void Restore(SegmentSet published, LayerSet layers)
    {
        var set = LayerSetCodec.FromMessages(published.Set, published.Segments.ToDictionary(segment => segment.LayerId));
        if (set is null || set.Count == 0)
        {
            return;
        }

        _gone = set;
        (Next, _kmeans) = (published.Next, options.KMeansFor(layers.Count));
        _users = SegmentUsers.From(published.Users.Span, published.UsersBefore.Span, published.UsersSinceUnixMs);
        _stream = IsOf(layers, set) ? new LayerStream(set, _kmeans) : null;
    }

    /// <summary>What is published.</summary>
    public SegmentSet ToMessage()
    {
        var set = Set ?? throw new InvalidOperationException("There are no segments yet.");
        var message = new SegmentSet
        {
            Set = LayerSetCodec.ToMarker(set),
            Users = Google.Protobuf.ByteString.CopyFrom(_users.Newer),
            UsersBefore = Google.Protobuf.ByteString.CopyFrom(_users.Older),
            UsersSinceUnixMs = _users.SinceUnixMs,
            Next = Next,
        };
        message.Segments.Add(Enumerable.Range(0, set.Count).Select(i => LayerSetCodec.ToMessage(set, i)));
        return message;
    }

    /// <summary>Absorbs the rows of the delta at <paramref name="offset"/> of the deltas' log; one that is there counts once.</summary>
    /// <returns>The segments changed.</returns>
    public bool Absorb(long offset, LayerDelta delta, LayerSet layers)
    {
        if (_stream is { } known && !IsOf(layers, known.Set))
        {
            // Another encoder: what was near is far, and rows say so anew.
            (_gone, _stream) = (known.Set, null);
            _waiting.Clear();
        }

        var rows = delta.Rows.Select(row => (Row: row, Vector: VectorOf(row, layers))).Where(row => row.Vector is not null)
            .Select(row => (row.Row, Vector: row.Vector!.Value)).ToArray();
        var changed = rows.Length > 0 && (_stream is null ? Wait(rows, delta, layers) : Take(offset, rows, delta, _stream));
        Next = Math.Max(Next, offset + 1);
        return changed;
    }

    /// <summary>The direction of a row, a unit long; null: it has none. What lay on layers that are gone lies on their heirs.</summary>
    internal static Int8Vector? VectorOf(UserRow row, LayerSet layers)
    {
        var sum = new float[layers.Dimensions];
        for (var i = 0; i < row.LayerIds.Count; i++)
        {
            if (layers.IndexOf(row.LayerIds[i]) is >= 0 and var index)
            {
                VectorMath.AddScaled(sum, layers.Centroid(index), row.Shares.Span[i]);
                continue;
            }

            foreach (var heir in layers.Lineage.HeirsOf(row.LayerIds[i]).Where(heir => layers.IndexOf(heir.Live) >= 0))
            {
                VectorMath.AddScaled(sum, layers.Centroid(layers.IndexOf(heir.Live)), row.Shares.Span[i] * heir.Share);
            }
        }

        return VectorMath.TryNormalize(sum) ? Int8Vector.Encode(sum) : null;
    }

    private bool Wait((UserRow Row, Int8Vector Vector)[] rows, LayerDelta delta, LayerSet layers)
    {
        _users.Add(rows.Select(row => row.Row.Mark), delta.EventTimeUnixMs);
        foreach (var (_, vector) in rows)
        {
            _waiting.Enqueue(vector);
            if (_waiting.Count > MostWaiting)
            {
                _waiting.Dequeue();
            }
        }

        _kmeans = options.KMeansFor(layers.Count);
        if (_users.Count() < options.LeastUsers || _waiting.Count < options.LeastUsers)
        {
            return false;
        }

        var seeded = LayerSeeding.Seed([.. _waiting], layers.Encoder, _kmeans, _gone);
        _stream = new LayerStream(seeded, _kmeans);
        _waiting.Clear();
        return true;
    }

    private bool Take(long offset, (UserRow Row, Int8Vector Vector)[] rows, LayerDelta delta, LayerStream stream)
    {
        var set = stream.Set;
        var centred = new float[rows.Length * set.Dimensions];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Vector.TryCentre(set.Mean.Span, centred.AsSpan(i * set.Dimensions, set.Dimensions));
        }

        var nearest = new Nearest[rows.Length];
        new Assigner(set).Assign(centred, nearest);
        var sums = new DeltaAccumulator(set);
        for (var i = 0; i < rows.Length; i++)
        {
            sums.Add(nearest[i], centred.AsSpan(i * set.Dimensions, set.Dimensions), rows[i].Vector, rows[i].Row.Offset);
        }

        var own = sums.ToDelta(delta.Partition, delta.Log, delta.From, delta.To, delta.EventTimeUnixMs);
        if (offset < Next)
        {
            stream.Recall(offset, own); // read before, for the samples
            return false;
        }

        var (outcome, _) = stream.Absorb(offset, own, acrossGaps: true);
        if (outcome != LayerDeltaOutcome.Applied)
        {
            return false;
        }

        _users.Add(rows.Select(row => row.Row.Mark), delta.EventTimeUnixMs);
        return true;
    }

    private static bool IsOf(LayerSet layers, LayerSet segments)
        => segments.Encoder == layers.Encoder && segments.Dimensions == layers.Dimensions;
}
