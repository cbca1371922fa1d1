using Strata.Numerics;

namespace Strata.Clustering.Layers;

/// <summary>A layer divided in two by spherical 2-means on one half of its sampled members and judged on the other half.</summary>
internal sealed record Split(int Parent, double Gain, Split.Child First, Split.Child Second)
{
    /// <summary>Fits and judges; null when the members lie in one place or all on one side.</summary>
    public static Split? Fit(LayerSet set, int parent, int[] members, float[] points, int steps)
    {
        var d = set.Dimensions;
        // Every other member: the order is by delta, so both halves are equally recent.
        var fitted = Gather(points, d, members.Where((_, i) => i % 2 == 0));
        var judged = Gather(points, d, members.Where((_, i) => i % 2 != 0));
        var centres = SphericalKMeans.Fit(fitted, d, 2, steps, new Random(unchecked((int)(set.Points + set.Layers[parent].Id))));
        if (centres.Length < 2 * d)
        {
            return null;
        }

        var saved = 0.0;
        for (var at = 0; at < judged.Length; at += d)
        {
            var point = judged.AsSpan(at, d);
            saved += 2 * (Math.Max(VectorMath.Dot(point, centres.AsSpan(0, d)), VectorMath.Dot(point, centres.AsSpan(d, d))) - VectorMath.Dot(point, set.Centroid(parent)));
        }

        var (first, second) = (new Child(d), new Child(d));
        foreach (var member in members)
        {
            var point = points.AsSpan(member * d, d);
            var isFirst = VectorMath.Dot(point, centres.AsSpan(0, d)) >= VectorMath.Dot(point, centres.AsSpan(d, d));
            (isFirst ? first : second).Add(point);
        }

        return first.Count > 0 && second.Count > 0 && first.TryFinish(members.Length) && second.TryFinish(members.Length)
            ? new Split(parent, saved * members.Length / (judged.Length / d), first, second)
            : null;
    }

    private static float[] Gather(float[] points, int dimensions, IEnumerable<int> members)
    {
        var rows = members.ToArray();
        var gathered = new float[rows.Length * dimensions];
        for (var i = 0; i < rows.Length; i++)
        {
            points.AsSpan(rows[i] * dimensions, dimensions).CopyTo(gathered.AsSpan(i * dimensions));
        }

        return gathered;
    }

    /// <summary>One side of a split.</summary>
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
            LayerSetReducer.WriteCentroid(_mean, Centroid);
            return _length > 1e-6;
        }

        /// <summary>
        /// The child as a layer: its share of the parent's weight, and the error that its members' mean implies: Σ (2 − 2·cos) = 2W(1 − ‖mean‖). Its sum is no heavier than the members that it
        /// was seen from, so the next points soon outweigh what chance put into it.
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
                AsOfPoints = set.Points,
                BornPoints = set.Points,
                Points = (ulong)(parent.Points * Share),
            };
        }
    }
}
