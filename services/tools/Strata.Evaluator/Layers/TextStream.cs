using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Seeding;
using Strata.Contracts.Common.V1;
using Strata.Numerics;

namespace Strata.Evaluator.Layers;

/// <summary>
/// Texts as a growing catalogue: when enough have come the layers are seeded from them, and then each text is a point, assigned by the
/// newest set and absorbed at the end of its epoch.
/// </summary>
internal sealed class TextStream(IReadOnlyList<Vector> vectors, string encoder, LayersOptions options)
{
    private const ulong Log = 1;

    private readonly Int8Vector[] _raw = [.. vectors.Select(vector => new Int8Vector(vector.Codes.Memory, vector.Scale))];
    private readonly PointsOptions _points = new();
    private readonly List<double> _kept = [];
    private uint[] _last = [];
    private long _deltas;

    /// <summary>The last set.</summary>
    public LayerSet Set { get; private set; } = null!;

    /// <summary>Layers that moved.</summary>
    public int Moves { get; private set; }

    /// <summary>Layer of each text at the moment it came, by id.</summary>
    public int[] AtArrival { get; } = new int[vectors.Count];

    /// <summary>Layer of each text by the last set.</summary>
    public int[] Final => [.. Assign(Set, _raw.Length).Select(id => (int)id)];

    /// <summary>Share of the texts so far that stay in their layer from one epoch to the next, averaged over epochs.</summary>
    public double Stability => _kept.Count == 0 ? 1 : _kept.Average();

    /// <summary>All texts as the encoder gives them.</summary>
    public float[][] Raw => [.. _raw.Select(vector =>
    {
        var values = new float[Set.Dimensions];
        vector.Decode(values);
        return values;
    })];

    /// <summary>All texts in the last set's space.</summary>
    public float[][] Centred
    {
        get
        {
            var points = Centre(Set, 0, _raw.Length);
            return [.. Enumerable.Range(0, _raw.Length).Select(i => points.AsSpan(i * Set.Dimensions, Set.Dimensions).ToArray())];
        }
    }

    /// <summary>Streams all texts by.</summary>
    public void Run(Action<int> progress)
    {
        var reducer = new ReducerOptions();
        var seeds = 1;
        while (seeds < _raw.Length && !SeedingRule.IsDue(null, encoder, seeds, changed: 0, atRest: false, options, reducer))
        {
            seeds++;
        }

        Set = LayerSeeding.Seed(_raw[..seeds], encoder, options, null);
        var stream = new LayerStream(Set, options);
        var epoch = _points.EpochFor(Set.Count);
        for (var from = 0; from < _raw.Length; from += epoch)
        {
            Absorb(stream, from, Math.Min(_raw.Length, from + epoch));
            progress(from);
        }
    }

    private void Absorb(LayerStream stream, int from, int to)
    {
        var points = Centre(Set, from, to);
        var nearest = new Nearest[to - from];
        new Assigner(Set).Assign(points, nearest);
        var epoch = new DeltaAccumulator(Set);
        for (var i = from; i < to; i++)
        {
            epoch.Add(nearest[i - from], points.AsSpan((i - from) * Set.Dimensions, Set.Dimensions), _raw[i], i);
            AtArrival[i] = (int)Set.Layers[nearest[i - from].First].Id;
        }

        Moves += stream.Absorb(_deltas++, epoch.ToDelta(0, Log, from, to, 0)).Moves.Count;
        Set = stream.Set;
        var now = Assign(Set, to);
        if (_last.Length > 0)
        {
            _kept.Add(_last.Zip(now).Average(pair => pair.First == pair.Second ? 1.0 : 0));
        }

        _last = now;
    }

    private uint[] Assign(LayerSet set, int count)
    {
        var nearest = new Nearest[count];
        new Assigner(set).Assign(Centre(set, 0, count), nearest);
        return [.. nearest.Select(point => set.Layers[point.First].Id)];
    }

    // A text that is the mean itself has no direction and lies at the origin.
    private float[] Centre(LayerSet set, int from, int to)
    {
        var points = new float[(to - from) * set.Dimensions];
        for (var i = from; i < to; i++)
        {
            var point = points.AsSpan((i - from) * set.Dimensions, set.Dimensions);
            if (!_raw[i].TryCentre(set.Mean.Span, point))
            {
                point.Clear();
            }
        }

        return points;
    }
}
