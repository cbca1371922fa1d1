using CsCheck;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Layers;

public sealed class AssignerTests
{
    [Fact]
    public void Assign_AnyPoints_FindsTheThreeNearestTiesToTheLowerIndex() => Gen.Select(Gen.Int[1, 70], Gen.Int[1, 140], Gen.Int).Sample((layers, count, seed) =>
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
    public void Assign_PointAloneOrAmongOthers_GivesTheSameBits()
    {
        var world = new TopicWorld(40, 384, 1.2, 3);
        var set = Seeding.Seed([.. world.Take(500).Select(p => p.Vector)], "test", new LayersOptions { Layers = 40 }, null);
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
