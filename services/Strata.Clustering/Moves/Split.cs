using System.Buffers;
using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Clustering.Moves;

/// <summary>
/// A layer divided in two by spherical 2-means, judged by what two such divisions, each of one half of its sampled members, save on the
/// other half.
/// </summary>
internal sealed record Split(int Parent, double Gain, Split.Child First, Split.Child Second)
{
    private const int MostMembers = 256;
    private const int HalfIsPromising = 4;

    /// <summary>
    /// Fits and judges; null when the gain is not more than <paramref name="least"/>, as soon as that is likely, or when the members lie in
    /// one place or all on one side. Of very many members every so manieth is looked at.
    /// </summary>
    public static Split? Fit(LayerSet set, int parent, IReadOnlyList<int> all, ReadOnlySpan<float> points, double least)
    {
        var d = set.Dimensions;
        var every = (all.Count + MostMembers - 1) / MostMembers;
        var members = all.Where((_, i) => i % every == 0).ToArray();
        // Every other member: the order is by delta, so both halves are equally recent.
        int[] divided = [.. members.Where((_, i) => i % 2 == 0), .. members.Where((_, i) => i % 2 != 0)];
        var rented = ArrayPool<float>.Shared.Rent(divided.Length * d);
        for (var i = 0; i < divided.Length; i++)
        {
            points.Slice(divided[i] * d, d).CopyTo(rented.AsSpan(i * d));
        }

        var split = Fit(set, parent, rented.AsSpan(0, divided.Length * d), (double)all.Count / members.Length, least);
        ArrayPool<float>.Shared.Return(rented);
        return split;
    }

    private static Split? Fit(LayerSet set, int parent, ReadOnlySpan<float> members, double scale, double least)
    {
        var d = set.Dimensions;
        var random = new Random(unchecked((int)(set.Points + set.Layers[parent].Id)));
        var middle = ((members.Length / d) + 1) / 2 * d;
        var gain = 0.0;
        for (var half = 0; half < 2; half++)
        {
            var fitted = half == 0 ? members[..middle] : members[middle..];
            var judged = half == 0 ? members[middle..] : members[..middle];
            if (TwoMeans.Fit(fitted, d, random) is not var (halves, _))
            {
                return null;
            }

            gain += scale * Saved(judged, halves, set.Centroid(parent));
            if (gain <= (half == 0 ? least / HalfIsPromising : least))
            {
                return null;
            }
        }

        if (TwoMeans.Fit(members, d, random) is not var (centres, _))
        {
            return null;
        }

        var (first, second) = (new Child(d), new Child(d));
        for (var at = 0; at < members.Length; at += d)
        {
            var point = members.Slice(at, d);
            (TwoMeans.IsFirst(point, centres) ? first : second).Add(point);
        }

        var count = members.Length / d;
        return first.Count > 0 && second.Count > 0 && first.TryFinish(count) && second.TryFinish(count)
            ? new Split(parent, gain, first, second)
            : null;
    }

    /// <summary>
    /// What the two would save on points that they were not fitted on, once they have learned enough not to be off by chance: 2(Σ n·R − Σ
    /// x·parent), where R² is the mean cosine of two different points of a side, (‖Σx‖² − n) / n(n − 1). Judged as they stand, centroids of
    /// a few dozen noisy points would hide half of what a split saves.
    /// </summary>
    private static double Saved(ReadOnlySpan<float> judged, float[] centres, ReadOnlySpan<float> parent)
    {
        var d = parent.Length;
        var sides = new[] { new Child(d), new Child(d) };
        var before = 0.0;
        for (var at = 0; at < judged.Length; at += d)
        {
            var point = judged.Slice(at, d);
            sides[TwoMeans.IsFirst(point, centres) ? 0 : 1].Add(point);
            before += VectorMath.Dot(point, parent);
        }

        return 2 * (sides.Sum(side => side.ExpectedCosines()) - before);
    }

    internal sealed class Child(int dimensions)
    {
        private readonly long[] _sum = new long[dimensions];
        private readonly double[] _mean = new double[dimensions];
        private double _length;

        public int Count { get; private set; }

        public double Share { get; private set; }

        public float[] Centroid { get; } = new float[dimensions];

        public void Add(ReadOnlySpan<float> point)
        {
            FixedPoint.Add(_sum, point);
            Count++;
        }

        /// <summary>
        /// Σ of the members' cosines to the direction that they have in common, without what each adds to it by itself; 0 for a lone one.
        /// </summary>
        public double ExpectedCosines()
        {
            var squares = 0.0;
            foreach (var sum in _sum)
            {
                squares += FixedPoint.ToDouble(sum) * FixedPoint.ToDouble(sum);
            }

            return Count < 2 ? 0 : Count * Math.Sqrt(Math.Max(0, squares - Count) / ((double)Count * (Count - 1)));
        }

        /// <summary>False when the members have no common direction.</summary>
        public bool TryFinish(int members)
        {
            Share = (double)Count / members;
            var squares = 0.0;
            for (var k = 0; k < _mean.Length; k++)
            {
                _mean[k] = FixedPoint.ToDouble(_sum[k]) / Count;
                squares += _mean[k] * _mean[k];
            }

            _length = Math.Sqrt(squares);
            UnitCentroid.Write(_mean, Centroid);
            return _length > 1e-6;
        }

        /// <summary>
        /// The child as a layer: its share of the parent's weight, and the error that its members' mean implies: Σ (2 − 2·cos) = 2W(1 −
        /// ‖mean‖). Its sum is no heavier than the members that it was seen from, so the next points soon outweigh what chance put into it.
        /// </summary>
        public LayerState ToLayer(LayerSet set, uint id, LayerState parent, double need)
        {
            var weight = parent.Weight * set.DecaySince(parent.AsOfPoints) * Share;
            var sum = new double[_mean.Length];
            for (var k = 0; k < sum.Length; k++)
            {
                sum[k] = Math.Min(weight, Count) * _mean[k];
            }

            return new LayerState
            {
                Id = id,
                Version = set.Version,
                Weight = weight,
                Sum = sum,
                Need = need,
                Error = 2 * weight * (1 - _length),
                CatalogueWeight = parent.CatalogueWeight * Share,
                CatalogueSum = parent.CatalogueSum.IsEmpty
                    ? default
                    : Array.ConvertAll(_mean, x => (float)(parent.CatalogueWeight * Share * x)),
                AsOfPoints = set.Points,
                BornPoints = set.Points,
                Points = (ulong)(parent.Points * Share),
                Group = parent.Group,
                Series = parent.Series.Times(Share),
            };
        }
    }
}
