using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Seeding;

/// <summary>
/// What the layers of a new seeding take over from those before them: an old layer's items say to which new layers it goes, and in which
/// shares. A new layer that has nearly all of an old one's items, and hardly others', is that layer: it keeps the id.
/// </summary>
internal sealed class LayerInheritance
{
    // An old layer lives on in a new one that has this share of its items, and whose items are its own for the other.
    private const double LeastOfOld = .8;
    private const double LeastOfNew = .5;

    private readonly LayerSet _previous;
    private readonly double[][] _shares;
    private readonly int[] _livesIn;

    /// <param name="previous">The set that is replaced, of the same encoder.</param>
    /// <param name="vectors">Raw vectors of the items.</param>
    /// <param name="layerOf">New layer of each.</param>
    /// <param name="next">The new set's mean and centroids; its layers have no ids yet.</param>
    public LayerInheritance(LayerSet previous, IReadOnlyList<Int8Vector> vectors, IReadOnlyList<int> layerOf, LayerSet next)
    {
        _previous = previous;
        var count = next.Centroids.Length / next.Dimensions;
        var before = Assign(previous, vectors);
        var both = new double[previous.Count, count];
        var (old, born) = (new double[previous.Count], new double[count]);
        for (var i = 0; i < before.Length; i++)
        {
            both[before[i], layerOf[i]]++;
            old[before[i]]++;
            born[layerOf[i]]++;
        }

        _livesIn = new int[previous.Count];
        _shares = new double[previous.Count][];
        for (var i = 0; i < _shares.Length; i++)
        {
            _livesIn[i] = -1;
            _shares[i] = new double[count];
            if (old[i] == 0)
            {
                _shares[i][Nearest(next, i)] = 1;
                continue;
            }

            for (var j = 0; j < count; j++)
            {
                _shares[i][j] = both[i, j] / old[i];
                if (_shares[i][j] >= LeastOfOld && both[i, j] > LeastOfNew * born[j])
                {
                    _livesIn[i] = j;
                }
            }
        }
    }

    /// <summary>Ids of the new layers: those that old ones live on in keep theirs, the others are <paramref name="next"/> and up.</summary>
    public (uint[] Ids, uint Next) Ids(int count, uint next)
    {
        var ids = new uint[count];
        for (var i = 0; i < _livesIn.Length; i++)
        {
            if (_livesIn[i] >= 0)
            {
                ids[_livesIn[i]] = _previous.Layers[i].Id;
            }
        }

        for (var j = 0; j < count; j++)
        {
            ids[j] = ids[j] == 0 ? next++ : ids[j];
        }

        return (ids, next);
    }

    /// <summary>
    /// The layer at <paramref name="index"/> with the demand that falls to it, along its own centroid: whose demand that was says how much,
    /// the catalogue says where.
    /// </summary>
    public LayerState WithDemand(LayerSet next, int index, LayerState layer)
    {
        var length = 0.0;
        for (var i = 0; i < _previous.Count; i++)
        {
            var share = _shares[i][index];
            if (share == 0)
            {
                continue;
            }

            var before = _previous.Layers[i];
            var left = share * _previous.DecaySince(before.AsOfPoints);
            length += left * Math.Sqrt(before.Sum.Span.ToArray().Sum(x => x * x));
            layer = layer with
            {
                Weight = layer.Weight + (left * before.Weight),
                Need = layer.Need + (left * before.Need),
                Error = layer.Error + (left * before.Error),
                Points = layer.Points + (ulong)(share * before.Points),
                Series = layer.Series.Plus(before.Series.Times(share)),
                BornPoints = _livesIn[i] == index ? before.BornPoints : layer.BornPoints,
                Name = _livesIn[i] == index ? before.Name : layer.Name,
                Group = _livesIn[i] == index ? before.Group : layer.Group,
            };
        }

        var sum = layer.Sum.ToArray();
        for (var k = 0; k < sum.Length; k++)
        {
            sum[k] += length * next.Centroid(index)[k];
        }

        return layer with { Sum = sum };
    }

    /// <summary>The lineage after the old layers that live on in none left their weight to their heirs.</summary>
    public Lineage Lineage(IReadOnlyList<uint> ids)
    {
        var lineage = _previous.Lineage;
        for (var i = 0; i < _previous.Count; i++)
        {
            if (_livesIn[i] < 0)
            {
                var heirs = Enumerable.Range(0, ids.Count).Where(j => _shares[i][j] > 0).Select(j => (ids[j], (float)_shares[i][j]));
                lineage = lineage.With(_previous.Layers[i].Id, [.. heirs]);
            }
        }

        return lineage;
    }

    private static int[] Assign(LayerSet set, IReadOnlyList<Int8Vector> vectors)
    {
        var points = new float[vectors.Count * set.Dimensions];
        for (var i = 0; i < vectors.Count; i++)
        {
            // One that is the mean itself has no direction, and lies anywhere.
            vectors[i].TryCentre(set.Mean.Span, points.AsSpan(i * set.Dimensions, set.Dimensions));
        }

        var nearest = new Nearest[vectors.Count];
        new Assigner(set).Assign(points, nearest);
        return Array.ConvertAll(nearest, point => point.First);
    }

    // Back to the raw space, and into the new centred one.
    private int Nearest(LayerSet next, int old)
    {
        var direction = new float[next.Dimensions];
        for (var k = 0; k < direction.Length; k++)
        {
            direction[k] = _previous.Centroid(old)[k] + _previous.Mean.Span[k] - next.Mean.Span[k];
        }

        var (best, most) = (0, float.NegativeInfinity);
        for (var j = 0; j < next.Centroids.Length / next.Dimensions; j++)
        {
            var cosine = VectorMath.Dot(next.Centroid(j), direction);
            (best, most) = cosine > most ? (j, cosine) : (best, most);
        }

        return best;
    }
}
