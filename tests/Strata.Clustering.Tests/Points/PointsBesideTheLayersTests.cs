using Strata.Clustering.Interests.Core;
using Strata.Clustering.Points.Core;
using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Messages = Strata.Contracts.Layers.V1;

namespace Strata.Clustering.Tests.Points;

/// <summary>Points that the layers learn nothing from: dismissals, those for their user only, those of another encoder.</summary>
[Trait("height", "harness")]
public sealed class PointsBesideTheLayersTests
{
    private const long Start = 1_700_000_000_000;

    [Fact]
    public async Task Handle_Dismissal_LowersWeightsAndIsNoPointOfTheLayers()
    {
        var pipeline = await SeededAsync();
        var vector = new TopicWorld(8, 32, .4, 1).Next(3).Vector;
        pipeline.Append(0, "ann", vector, 2, Start);
        pipeline.Append(0, "ann", vector, -1, Start);
        pipeline.Append(0, "bob", vector, 1, Start);

        await pipeline.WorkAsync(0);
        await pipeline.DrainAsync(0);

        Assert.Equal([(0L, 3L, 2UL)], pipeline.Deltas.Select(Range));
        Assert.All(Weights(pipeline, "bob").Zip(Weights(pipeline, "ann")), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public async Task Handle_PointForItsUserOnly_MovesTheWeightsAndIsNoPointOfTheLayers()
    {
        var pipeline = await SeededAsync();
        var vector = new TopicWorld(8, 32, .4, 1).Next(3).Vector;
        var repeat = Pipeline.Point("ann", vector, 1, Start);
        repeat.UserOnly = true;
        pipeline.Append(0, "ann", vector, 1, Start);
        pipeline.Logs.Append(Topics.InterestPoints, 0, "ann", repeat, DateTimeOffset.UnixEpoch);
        pipeline.Append(0, "bob", vector, 2, Start);

        await pipeline.WorkAsync(0);
        await pipeline.DrainAsync(0);

        Assert.Equal([(0L, 3L, 2UL)], pipeline.Deltas.Select(Range));
        Assert.All(Weights(pipeline, "bob").Zip(Weights(pipeline, "ann")), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public async Task Handle_AnEpochWithoutPoints_TakesTheNewestSet()
    {
        var pipeline = await SeededAsync();
        var vector = new TopicWorld(8, 32, .4, 1).Next(3).Vector;
        var repeat = Pipeline.Point("ann", vector, 1, Start);
        repeat.UserOnly = true;
        pipeline.Logs.Append(Topics.InterestPoints, 0, "ann", repeat, DateTimeOffset.UnixEpoch);
        pipeline.Append(1, "bob", vector, 1, Start);
        await pipeline.WorkAsync(0);
        await pipeline.WorkAsync(1);
        await pipeline.DrainAsync(1);
        await pipeline.ReduceAsync();

        pipeline.Append(0, "ann", vector, 1, Start);
        await pipeline.WorkAsync(0);
        await pipeline.DrainAsync(0);

        Assert.Equal([(1L, 1UL), (2L, 2UL)], pipeline.Deltas.Select(delta => (delta.To, delta.LayerSetVersion)));
    }

    [Fact]
    public async Task Handle_PointsOfAnotherEncoder_ChangeNothingAndAreNotDead()
    {
        var pipeline = await SeededAsync();
        var vector = new TopicWorld(8, 32, .4, 1).Next(3).Vector;
        foreach (var (user, encoder, codes) in new[]
        {
            ("ann", "other", vector),
            ("ann", "other", new(new byte[7], 1)),
            ("bob", "test", vector),
        })
        {
            var point = Pipeline.Point(user, codes, 1, Start);
            point.Encoder = encoder;
            pipeline.Logs.Append(Topics.InterestPoints, 0, user, point, DateTimeOffset.UnixEpoch);
        }

        await pipeline.WorkAsync(0);
        await pipeline.DrainAsync(0);

        Assert.Equal([(0L, 3L, 1UL)], pipeline.Deltas.Select(Range));
        Assert.Empty(pipeline.OutputOf(0).Dead);
        Assert.Contains("bob", Assert.Single(pipeline.Store.Values).Key, StringComparison.Ordinal);
    }

    private static async Task<Pipeline> SeededAsync()
    {
        var pipeline = new Pipeline(points: new PointsOptions { EpochPoints = 64, StaleEpochs = 1000 });
        await pipeline.SeedAsync(new TopicWorld(8, 32, .4, 1));
        return pipeline;
    }

    private static float[] Weights(Pipeline pipeline, string user)
        => [.. UserWeightsCodec.Decode(
            FencedValue.Payload(pipeline.Store.Values[Keys.UserLayers(user)])).Entries.Select(entry => entry.LongTerm)];

    private static (long From, long To, ulong Points) Range(Messages.LayerDelta delta)
        => (delta.From, delta.To, (ulong)delta.Entries.Sum(entry => (long)entry.Points));
}
