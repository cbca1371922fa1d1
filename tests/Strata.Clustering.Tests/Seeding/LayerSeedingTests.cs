using CsCheck;
using Strata.Clustering.Layers;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Seeding;

[Trait("height", "unit")]
public sealed class LayerSeedingTests
{
    [Theory]
    [InlineData(64, 64, 1.0)]
    [InlineData(20, 20, 1.2)]
    public void Seed_PlantedTopics_RecoversThem(int topics, int layers, double sigma)
    {
        var world = new TopicWorld(topics, 384, sigma, 11);
        var seeds = world.Take(4096);
        var set = LayerSeeding.Seed([.. seeds.Select(p => p.Vector)], "test", new LayersOptions { Layers = layers }, null);
        var unseen = world.Take(2000);

        var found = TopicWorld.Assign(set, [.. unseen.Select(p => p.Vector)]);

        var agreement = Agreement.NormalizedMutualInformation([.. unseen.Select(p => p.Topic)], found);
        Assert.True(agreement >= .95, $"NMI {agreement:F3}");
    }

    [Fact]
    public void Seed_MoreLayersThanTheGreedyLimit_SeedsByChains()
    {
        var world = new TopicWorld(300, 64, .5, 5);
        var points = world.Take(6000);

        var set = LayerSeeding.Seed([.. points.Select(p => p.Vector)], "test", new LayersOptions { Layers = 300 }, null);

        Assert.Equal(300, set.Count);
        var agreement = Agreement.NormalizedMutualInformation(
            [.. points.Select(p => p.Topic)], TopicWorld.Assign(set, [.. points.Select(p => p.Vector)]));
        Assert.True(agreement >= .9, $"NMI {agreement:F3}");
    }

    [Fact]
    public void Seed_Always_GivesFiniteUnitCentroidsAndTheSameSetAgain()
        => Gen.Select(Gen.Int[8, 120], Gen.Int[2, 12], Gen.Int).Sample((items, layers, seed) =>
    {
        var world = new TopicWorld(5, 12, .7, seed);
        // Every third item twice: equal vectors must not become two layers.
        Int8Vector[] vectors = [.. world.Take(items).SelectMany((p, i) => i % 3 == 0 ? new[] { p.Vector, p.Vector } : [p.Vector])];
        var options = new LayersOptions { Layers = layers, ItemWeight = 0 };

        var set = LayerSeeding.Seed(vectors, "test", options, null);
        var again = LayerSeeding.Seed(vectors, "test", options, null);

        Assert.Equal(Math.Min(layers, items), set.Count);
        for (var i = 0; i < set.Count; i++)
        {
            Assert.Equal(1, VectorMath.Dot(set.Centroid(i), set.Centroid(i)), 1e-5);
            Assert.Equal(i, set.IndexOf(set.Layers[i].Id));
        }

        Assert.True(set.Centroids.Span.SequenceEqual(again.Centroids.Span));
        Assert.Equal(vectors.Length, Enumerable.Range(0, set.Count).Sum(set.WeightOf), 1e-6);
    }, iter: 50);

    [Fact]
    public void Seed_TwoDistinctVectors_GivesTwoLayers()
    {
        var world = new TopicWorld(2, 8, 0, 1);

        var set = LayerSeeding.Seed([.. Enumerable.Range(0, 10).Select(i => world.Next(i % 2).Vector)], "test", new LayersOptions(), null);

        Assert.Equal(2, set.Count);
    }

    [Fact]
    public void Seed_AllVectorsEqualToTheMean_Refuses()
    {
        var vector = Int8Vector.Encode([1f, 0, 0, 0]);

        Assert.Throws<InvalidDataException>(
            () => LayerSeeding.Seed([.. Enumerable.Repeat(vector, 9)], "test", new LayersOptions { Centring = 1 }, null));
    }

    [Fact]
    public void Seed_AllVectorsEqual_GivesOneLayer()
    {
        var vector = Int8Vector.Encode([1f, 0, 0, 0]);

        var set = LayerSeeding.Seed([.. Enumerable.Repeat(vector, 9)], "test", new LayersOptions { ItemWeight = 0 }, null);

        Assert.Equal(1, set.Count);
        Assert.Equal([1f, 0, 0, 0], set.Centroid(0).ToArray());
        Assert.Equal(9, set.WeightOf(0), 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(.7)]
    [InlineData(1)]
    public void Seed_Centring_SubtractsThatShareOfTheMean(double share)
    {
        Int8Vector[] vectors = [Int8Vector.Encode([1f, 0, 0]), Int8Vector.Encode([0, 1f, 0])];

        var set = LayerSeeding.Seed(vectors, "test", new LayersOptions { Centring = share }, null);

        Assert.All(set.Mean.ToArray().Zip([.5 * share, .5 * share, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    [Fact]
    public void Seed_Again_GoesOnWithIdsAndPositionsAndLeavesHeirs()
    {
        var world = new TopicWorld(8, 64, .5, 2);
        var options = new LayersOptions { Layers = 8 };
        Int8Vector[] vectors = [.. world.Take(400).Select(p => p.Vector)];
        var first = LayerSeeding.Seed(vectors, "test", options, null);
        (first, _) = LayerSetReducer.Apply(first, TopicWorld.Delta(first, vectors));

        var second = LayerSeeding.Seed([.. vectors, .. world.Take(1600).Select(p => p.Vector)], "test", options, first);

        Assert.True(second.NextLayerId >= first.NextLayerId);
        Assert.Equal(first.Positions, second.Positions);
        Assert.Equal(first.Version + 1, second.Seeding);
        var old = TopicWorld.Assign(first, vectors);
        var now = TopicWorld.Assign(second, vectors);
        var moved = old.Zip(now).Count(
            pair => first.Layers[pair.First].Id is var before
                && (second.IndexOf(before) >= 0 ? before : second.Lineage.HeirsOf(before)[0].Live) == second.Layers[pair.Second].Id);
        Assert.True(moved > 390, $"{moved} of 400 points find their layer's heir");
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(12, 4)]
    [InlineData(100, 10)]
    [InlineData(3659, 61)]
    [InlineData(5_000_000, 1024)]
    public void LayersFor_CatalogueSize_IsItsRootWithinBounds(int items, int layers)
        => Assert.Equal(layers, new LayersOptions().LayersFor(items));
}
