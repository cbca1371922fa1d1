using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Evaluator.Drift;

/// <summary>
/// The layers as production runs them: int8 vectors, one delta a batch, the reducer's whole step. The world's directions have no common
/// offset, so nothing is subtracted.
/// </summary>
internal sealed class StrataClusterer(LayersOptions options) : IStreamClusterer
{
    private LayerStream _stream = null!;
    private long _points;
    private long _deltas;

    public string Name => "strata";

    public int? Moves { get; private set; } = 0;

    public ReadOnlySpan<float> Centres => _stream.Set.Centroids.Span;

    public void Begin(ReadOnlySpan<float> points)
        => _stream = new LayerStream(LayerSeeding.Seed(Encode(points), "drift", options, null), options);

    public int[] Predict(ReadOnlySpan<float> points)
    {
        var nearest = new Nearest[points.Length / TopicStream.Dimensions];
        new Assigner(_stream.Set).Assign(points, nearest);
        return [.. nearest.Select(point => point.First)];
    }

    public void Learn(ReadOnlySpan<float> points)
    {
        var set = _stream.Set;
        var raw = Encode(points);
        var centred = new float[points.Length];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i].TryCentre(set.Mean.Span, centred.AsSpan(i * set.Dimensions, set.Dimensions));
        }

        var nearest = new Nearest[raw.Length];
        new Assigner(set).Assign(centred, nearest);
        var accumulator = new DeltaAccumulator(set);
        for (var i = 0; i < raw.Length; i++)
        {
            accumulator.Add(nearest[i], centred.AsSpan(i * set.Dimensions, set.Dimensions), raw[i], _points + i);
        }

        Moves += _stream.Absorb(_deltas++, accumulator.ToDelta(0, 1, _points, _points += raw.Length, 0)).Moves.Count;
        Check();
    }

    private static Int8Vector[] Encode(ReadOnlySpan<float> points)
    {
        var encoded = new Int8Vector[points.Length / TopicStream.Dimensions];
        for (var i = 0; i < encoded.Length; i++)
        {
            encoded[i] = Int8Vector.Encode(points.Slice(i * TopicStream.Dimensions, TopicStream.Dimensions));
        }

        return encoded;
    }

    // What the layers promise at any time: K of them, each with a direction.
    private void Check()
    {
        var set = _stream.Set;
        for (var i = 0; i < set.Count; i++)
        {
            if (set.Count != options.Layers || Math.Abs(VectorMath.Dot(set.Centroid(i), set.Centroid(i)) - 1) is not < 1e-3f)
            {
                throw new InvalidOperationException($"version {set.Version}: layer {set.Layers[i].Id} of {set.Count} has no unit centroid");
            }
        }
    }
}
