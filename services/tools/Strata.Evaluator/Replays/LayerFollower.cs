using Strata.Clustering.Assignment;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Seeding;
using Strata.Numerics;
using LayerView = Strata.Ranking.Index.Layers.LayerView;

namespace Strata.Evaluator.Replays;

/// <summary>
/// One Clustering worker and its reducer without a log between them: seeds the layers when the catalogue calls for it, assigns points,
/// keeps users' weights, cuts epochs by points and event time and absorbs them at once.
/// </summary>
internal sealed class LayerFollower(StrataSetup setup, string encoder, int users, Action<LayerView> publish)
{
    private const ulong Log = 1;

    private readonly SortedDictionary<string, Int8Vector> _catalogue = new(StringComparer.Ordinal);
    private readonly UserWeights[] _weights = [.. Enumerable.Repeat(UserWeights.Empty, users)];
    private LayerStream? _stream;
    private Assigner? _assigner;
    private DeltaAccumulator? _epoch;
    private EventSpan _span = EventSpan.Empty;
    private long _epochFrom;
    private long _deltas;
    private int _changed;
    private float[] _centred = [];

    /// <summary>The newest set; null before the seeding.</summary>
    public LayerSet? Set => _stream?.Set;

    /// <summary>A user's weights.</summary>
    public UserWeights WeightsOf(int user) => _weights[user];

    /// <summary>An item has come to be.</summary>
    public void Put(string itemId, Int8Vector vector)
    {
        _catalogue[itemId] = vector;
        _changed++;
    }

    /// <summary>Seeds the layers if the catalogue calls for it. In event time a catalogue is always at rest between two moments.</summary>
    public void SeedIfDue()
    {
        if (!SeedingRule.IsDue(Set, encoder, _catalogue.Count, _changed, atRest: true, setup.Layers, setup.Reducer))
        {
            return;
        }

        var set = LayerSeeding.Seed([.. _catalogue.Values], encoder, setup.Layers, Set);
        if (_stream is null)
        {
            _stream = new LayerStream(set, setup.Layers);
        }
        else
        {
            _stream.Reseed(set);
        }

        _stream.Show([.. _catalogue.Values]);
        _changed = 0;
        Show();
    }

    /// <summary>Takes an interest point: the event at <paramref name="offset"/>.</summary>
    public void Add(int user, long offset, long timeMs, float weight, Int8Vector vector, bool userOnly, string? itemId)
    {
        if (_stream is not { } stream || weight == 0)
        {
            return;
        }

        if (_centred.Length != stream.Set.Dimensions)
        {
            _centred = new float[stream.Set.Dimensions];
        }

        if (!vector.TryCentre(stream.Set.Mean.Span, _centred))
        {
            return;
        }

        var counts = weight > 0 && !userOnly;
        if (counts && !_span.With(timeMs).FitsIn(setup.Points.EpochEventTime))
        {
            Cut(offset);
        }

        Span<Nearest> nearest = [default];
        _assigner!.Assign(_centred, nearest);
        _weights[user] = Interest.Add(
            Interest.Inherit(_weights[user], stream.Set, id => _catalogue.TryGetValue(id, out var known) ? known : null),
            stream.Set,
            nearest[0],
            weight,
            timeMs,
            setup.Interests,
            itemId);
        if (counts)
        {
            _epoch!.Add(nearest[0], _centred, vector, offset);
            _span = _span.With(timeMs);
            if (_epoch.Points >= setup.Points.EpochFor(_epoch.Set.Count) || _epoch.EstimatedBytes >= setup.Points.DeltaBytes)
            {
                Cut(offset + 1);
            }
        }
    }

    private void Cut(long to)
    {
        if (_epoch is { Points: > 0 } epoch && setup.LayersMove)
        {
            _stream!.Absorb(_deltas++, epoch.ToDelta(0, Log, _epochFrom, to, _span.Latest));
            _epochFrom = to;
        }

        Show();
    }

    private void Show()
    {
        var set = _stream!.Set;
        if (_epoch?.Set.Version != set.Version)
        {
            _assigner = new Assigner(set);
            publish(
                new LayerView(
                    LayerSetCodec.ToMarker(set),
                    [.. Enumerable.Range(0, set.Count).Select(index => LayerSetCodec.ToMessage(set, index))]));
        }

        _epoch = new DeltaAccumulator(set);
        _span = EventSpan.Empty;
    }
}
