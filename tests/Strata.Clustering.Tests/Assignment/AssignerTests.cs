using CsCheck;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Assignment;

[Trait("height", "unit")]
public sealed class AssignerTests
{
    [Fact]
    public void Assign_AnyPoints_FindsTheThreeNearestTiesToTheLowerIndex()
        => Gen.Select(Gen.Int[1, 70], Gen.Int[1, 140], Gen.Int).Sample((layers, count, seed) =>
    {
        const int Dimensions = 5;
        var random = new Random(seed);
        // Few distinct values, so that ties happen.
        var centroids = Enumerable.Range(0, layers * Dimensions).Select(_ => (float)random.Next(-1, 2)).ToArray();
        var points = Enumerable.Range(0, count * Dimensions).Select(_ => (float)random.Next(-2, 3)).ToArray();
        var nearest = new Nearest[count];

        new Assigner(centroids, Dimensions).Assign(points, nearest);

        for (var i = 0; i < count; i++)
        {
            var point = points.AsSpan(i * Dimensions, Dimensions).ToArray();
            var order = Enumerable.Range(0, layers)
                .Select(j => (Index: j, Cosine: VectorMath.Dot(point, centroids.AsSpan(j * Dimensions, Dimensions))))
                .OrderByDescending(pair => pair.Cosine).ThenBy(pair => pair.Index).Take(3).ToArray();
            List<int> expected = [.. order.Select(pair => pair.Index), -1, -1];
            Assert.Equal(expected[..3], new List<int> { nearest[i].First, nearest[i].Second, nearest[i].Third });
            Assert.Equal(order[0].Cosine, nearest[i].FirstCosine);
        }
    });

    [Fact]
    public void Assign_CentroidsThatHardlyDiffer_FindsTheSameAsAllProducts()
        => Gen.Select(Gen.Int[3, 90], Gen.Double[0, .2], Gen.Int).Sample((layers, spread, seed) =>
    {
        const int Dimensions = 96;
        var random = new Random(seed);
        var (centroids, points) = (Around(layers), Around(40));
        var nearest = new Nearest[40];

        new Assigner(centroids, Dimensions).Assign(points, nearest);

        for (var i = 0; i < nearest.Length; i++)
        {
            var cosines = Enumerable.Range(0, layers).Select(
                j => VectorMath.Dot(points.AsSpan(i * Dimensions, Dimensions), centroids.AsSpan(j * Dimensions, Dimensions))).ToArray();
            var order = Enumerable.Range(0, layers).OrderByDescending(j => cosines[j]).ThenBy(j => j).ToArray();
            Assert.Equal(new Nearest(order[0], cosines[order[0]], order[1], cosines[order[1]], order[2], cosines[order[2]]), nearest[i]);
        }

        float[] Around(int count)
        {
            var vectors = new float[count * Dimensions];
            for (var k = 0; k < vectors.Length; k++)
            {
                vectors[k] = (float)(Math.Sin(k % Dimensions) + (spread * (random.NextDouble() - random.NextDouble())));
            }

            for (var i = 0; i < count; i++)
            {
                Assert.True(VectorMath.TryNormalize(vectors.AsSpan(i * Dimensions, Dimensions)));
            }

            return vectors;
        }
    });

    [Fact]
    public void Assign_PointAloneOrAmongOthers_GivesTheSameBits()
    {
        var world = new TopicWorld(40, 384, 1.2, 3);
        var set = LayerSeeding.Seed([.. world.Take(500).Select(p => p.Vector)], "test", new LayersOptions { Layers = 40 }, null);
        var points = new float[77 * 384];
        for (var i = 0; i < 77; i++)
        {
            Assert.True(world.Next().Vector.TryCentre(set.Mean.Span, points.AsSpan(i * 384, 384)));
        }

        var together = new Nearest[77];
        var alone = new Nearest[1];
        var assigner = new Assigner(set);
        assigner.Assign(points, together);

        for (var i = 0; i < 77; i++)
        {
            assigner.Assign(points.AsSpan(i * 384, 384), alone);
            Assert.Equal(together[i], alone[0]);
        }
    }
}
