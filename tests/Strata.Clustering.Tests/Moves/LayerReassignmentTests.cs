using Strata.Clustering.Layers;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Moves;

[Trait("height", "unit")]
public sealed class LayerReassignmentTests
{
    private static readonly LayersOptions Options = new() { Layers = 16, HalfLifePoints = 4000, EpochPoints = 512, ItemWeight = 0 };

    [Fact]
    public void Absorb_TopicsThatDieAndAreBorn_MovesLayersToThem()
    {
        var withMoves = Drift(Options);
        var withoutMoves = Drift(
            new LayersOptions { Layers = 16, HalfLifePoints = 4000, EpochPoints = 512, MovesPerEpoch = 0, ItemWeight = 0 });

        Assert.NotEmpty(withMoves.Moves);
        Assert.True(withMoves.Agreement >= .95, $"NMI with moves {withMoves.Agreement:F3}, without {withoutMoves.Agreement:F3}");
        Assert.True(
            withMoves.Agreement > withoutMoves.Agreement, $"NMI with moves {withMoves.Agreement:F3}, without {withoutMoves.Agreement:F3}");
    }

    [Fact]
    public void Absorb_AStreamThatStays_ComesToRest()
    {
        var world = new TopicWorld(16, 64, .8, 4);
        var stream = Seeded(world, Options);
        var moves = 0;
        for (var epoch = 0; epoch < 60; epoch++)
        {
            // The first epochs may mend what the seeding left.
            moves = stream.Absorb(epoch, Delta(world, stream.Set, epoch)).Moves.Count + (epoch < 30 ? 0 : moves);
        }

        Assert.Equal(0, moves);
    }

    [Fact]
    public void Step_Moves_ConserveMassAndUseNewIdsAndKeepK()
    {
        var world = new TopicWorld(16, 64, .8, 6);
        var stream = Seeded(world, Options);
        var seen = new HashSet<uint>(stream.Set.Layers.Select(layer => layer.Id));
        var moves = 0;
        for (var epoch = 0; epoch < 80; epoch++)
        {
            if (epoch % 8 == 7)
            {
                world.Replace(epoch / 8);
            }

            var before = Enumerable.Range(0, stream.Set.Count).Sum(stream.Set.WeightOf);
            var delta = Delta(world, stream.Set, epoch);
            var made = stream.Absorb(epoch, delta).Moves;
            var set = stream.Set;

            Assert.Equal((before * Math.Pow(2, -512.0 / 4000)) + 512, Enumerable.Range(0, set.Count).Sum(set.WeightOf), 1e-6);
            Assert.Equal(16, set.Count);
            Assert.Equal(set.Layers.Select(layer => layer.Id).Order(), set.Layers.Select(layer => layer.Id));
            Assert.All(made, move => Assert.True(seen.Add(move.First) && seen.Add(move.Second)));
            Assert.All(made, move => Assert.True(set.IndexOf(move.Removed) < 0 && set.IndexOf(move.Parent) < 0));
            Assert.All(made, move => Assert.True(move.Gain > Options.MoveGain * move.Need));
            Assert.All(set.Lineage.Rows, row => Assert.True(set.IndexOf(row.Live) >= 0));
            for (var i = 0; i < set.Count; i++)
            {
                Assert.Equal(1, VectorMath.Dot(set.Centroid(i), set.Centroid(i)), 1e-4);
            }

            moves += made.Count;
        }

        Assert.True(moves >= 5, $"{moves} moves");
    }

    [Fact]
    public void Step_AfterAMove_TheNextDeltaDoesNotUndoIt()
    {
        var world = new TopicWorld(16, 64, .8, 6);
        var stream = Seeded(world, Options);
        for (var epoch = 0; epoch < 200; epoch++)
        {
            if (epoch == 10)
            {
                world.Replace(3);
            }

            if (stream.Absorb(epoch, Delta(world, stream.Set, epoch)).Moves is [var move, ..])
            {
                var child = stream.Set.Centroid(stream.Set.IndexOf(move.First)).ToArray();
                stream.Absorb(epoch + 1, Delta(world, stream.Set, epoch + 1));
                Assert.True(VectorMath.Dot(child, stream.Set.Centroid(stream.Set.IndexOf(move.First))) > .9);
                return;
            }
        }

        Assert.Fail("nothing moved");
    }

    [Fact]
    public void Recall_LastDeltas_GivesTheSameMovesAsBefore()
    {
        var world = new TopicWorld(16, 64, .8, 6);
        var stream = Seeded(world, Options);
        var log = new List<LayerDelta>();
        LayerStream? restarted = null;
        for (var epoch = 0; epoch < 80; epoch++)
        {
            if (epoch % 8 == 7)
            {
                world.Replace(epoch / 8);
            }

            if (epoch % 5 == 0)
            {
                restarted = new LayerStream(stream.Set, Options);
                for (var back = (int)(stream.Set.SamplesFrom ?? log.Count); back < log.Count; back++)
                {
                    restarted.Recall(back, log[back]);
                }
            }

            log.Add(Delta(world, stream.Set, epoch));
            var (_, moves) = stream.Absorb(epoch, log[^1]);
            var (_, movesAgain) = restarted!.Absorb(epoch, log[^1]);

            Assert.Equal(moves, movesAgain);
            Assert.True(stream.Set.Centroids.Span.SequenceEqual(restarted.Set.Centroids.Span));
        }
    }

    private static (double Agreement, List<LayerMove> Moves) Drift(LayersOptions options)
    {
        var world = new TopicWorld(16, 64, .8, 9);
        var stream = Seeded(world, options);
        var moves = new List<LayerMove>();
        for (var epoch = 0; epoch < 120; epoch++)
        {
            if (epoch is 20 or 30 or 40)
            {
                world.Replace(epoch / 10);
            }

            moves.AddRange(stream.Absorb(epoch, Delta(world, stream.Set, epoch)).Moves);
        }

        var points = world.Take(2000);
        return (
            Agreement.NormalizedMutualInformation(
                [.. points.Select(p => p.Topic)], TopicWorld.Assign(stream.Set, [.. points.Select(p => p.Vector)])),
            moves);
    }

    private static LayerStream Seeded(TopicWorld world, LayersOptions options)
        => new(LayerSeeding.Seed([.. world.Take(2000).Select(p => p.Vector)], "test", options, null), options);

    private static LayerDelta Delta(TopicWorld world, LayerSet set, int epoch)
        => TopicWorld.Delta(set, [.. world.Take(512).Select(p => p.Vector)], from: epoch * 512L);
}
