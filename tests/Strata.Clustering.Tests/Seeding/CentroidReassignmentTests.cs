using Strata.Clustering.Assignment;
using Strata.Clustering.Seeding;

namespace Strata.Clustering.Tests.Seeding;

[Trait("height", "unit")]
public sealed class CentroidReassignmentTests
{
    private const int Dimensions = 32;

    [Fact]
    public void Improve_TopicsWithTwoCentroidsAndTopicsWithNone_FindsEveryTopic()
    {
        var (points, topics) = Points(topics: 12, sigma: .3, count: 800);
        var nearest = new Nearest[topics.Length];
        // Two centroids in each of the first four topics, none in the last four: more than Lloyd steps mend.
        float[] stuck = [.. Enumerable.Range(0, 12).SelectMany(i => PointOf(points, topics, i % 8, i / 8))];
        SphericalKMeans.Lloyd(points, Dimensions, stuck, 50, nearest);
        var before = SphericalKMeans.ErrorOf(points, Dimensions, stuck, nearest);
        Assert.True(NmiOf(nearest, topics) < .98);

        var improved = CentroidReassignment.Improve(points, Dimensions, stuck, 16, new Random(1), nearest);

        Assert.True(SphericalKMeans.ErrorOf(points, Dimensions, improved, nearest) < .9 * before);
        Assert.Equal(1, NmiOf(nearest, topics), 1e-9);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void Improve_NoiseWithoutTopics_NeverGetsWorse(int count)
    {
        var (points, topics) = Points(topics: 1, sigma: 4, count: 600);
        var nearest = new Nearest[topics.Length];
        for (var seed = 0; seed < 10; seed++)
        {
            var centroids = SphericalKMeans.Fit(points, Dimensions, count, 10, new Random(seed));
            var before = SphericalKMeans.ErrorOf(points, Dimensions, centroids, nearest);

            var improved = CentroidReassignment.Improve(points, Dimensions, centroids, 16, new Random(seed), nearest);

            Assert.Equal(centroids.Length, improved.Length);
            Assert.True(SphericalKMeans.ErrorOf(points, Dimensions, improved, nearest) <= before);
        }
    }

    [Fact]
    public void Improve_NoAttempts_GivesTheCentroidsBack()
    {
        var (points, topics) = Points(topics: 3, sigma: .5, count: 60);
        var centroids = SphericalKMeans.Fit(points, Dimensions, 4, 10, new Random(1));

        Assert.Same(centroids, CentroidReassignment.Improve(points, Dimensions, centroids, 0, new Random(1), new Nearest[topics.Length]));
    }

    private static (float[] Points, int[] Topics) Points(int topics, double sigma, int count)
    {
        var drawn = new TopicWorld(topics, Dimensions, sigma, 7).Take(count);
        var points = new float[count * Dimensions];
        for (var i = 0; i < count; i++)
        {
            drawn[i].Vector.Decode(points.AsSpan(i * Dimensions, Dimensions));
        }

        return (points, [.. drawn.Select(p => p.Topic)]);
    }

    private static float[] PointOf(float[] points, int[] topics, int topic, int skip)
    {
        var at = Enumerable.Range(0, topics.Length).Where(i => topics[i] == topic).Skip(skip).First() * Dimensions;
        return points[at..(at + Dimensions)];
    }

    private static double NmiOf(Nearest[] nearest, int[] topics)
        => Agreement.NormalizedMutualInformation(topics, [.. nearest.Select(point => point.First)]);
}
