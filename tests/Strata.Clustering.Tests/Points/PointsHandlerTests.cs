using CsCheck;
using Strata.Clustering.Points.Core;
using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;
using Messages = Strata.Contracts.Layers.V1;

namespace Strata.Clustering.Tests.Points;

[Trait("height", "harness")]
public sealed class PointsHandlerTests
{
    private const long Start = 1_700_000_000_000;
    // A row is as its user stood when the point was read last.
    private static Contracts.Layers.V1.LayerDelta WithoutRows(Contracts.Layers.V1.LayerDelta delta)
    {
        var points = delta.Clone();
        points.Rows.Clear();
        return points;
    }

    private static readonly PointsOptions Small = new() { EpochPoints = 64, StaleEpochs = 1000 };

    [Fact]
    public async Task Handle_FullEpochs_SendsTheirDeltasWithTheOffsets()
    {
        var pipeline = await SeededAsync(Small);
        Append(pipeline, 150);

        await pipeline.WorkAsync(0, batch: 37);

        Assert.Equal([(0L, 64L, 64UL), (64L, 128L, 64UL)], pipeline.Deltas.Select(Range));
        Assert.Equal(128, pipeline.OutputOf(0).Committed(Topics.InterestPoints));
        Assert.All(pipeline.Deltas, delta => Assert.Equal((Pipeline.Log, 1UL, 1UL), (delta.Log, delta.Seeding, delta.LayerSetVersion)));
    }

    [Fact]
    public Task Handle_AnyBatchesAndAnyCrashes_GivesTheSameDeltasAndWeights() => Gen.Int[0, 1000].SampleAsync(async seed =>
    {
        var random = new Random(seed);
        var (plain, crashed) = (await SeededAsync(Small), await SeededAsync(Small));
        Append(plain, 400, seed, dismissals: true);
        Append(crashed, 400, seed, dismissals: true);
        await plain.WorkAsync(0, batch: 400);
        await plain.DrainAsync(0);

        for (var until = 0; until < 400;)
        {
            until += random.Next(1, 150);
            await crashed.WorkAsync(0, random.Next(1, 200), until, restart: true);
        }

        await crashed.DrainAsync(0);

        Assert.Equal(plain.Deltas.Select(WithoutRows), crashed.Deltas.Select(WithoutRows));
        Assert.All(crashed.Deltas, delta => Assert.All(delta.Rows, row => Assert.InRange(row.Offset, delta.From, delta.To - 1)));
        Assert.Equal(
            plain.Store.Values.OrderBy(pair => pair.Key).Select(Text), crashed.Store.Values.OrderBy(pair => pair.Key).Select(Text));
    }, iter: 20);

    [Fact]
    public async Task Handle_EventTimeBeyondTheEpochs_CutsWhateverTheBatches()
    {
        var (one, many) = (await SeededAsync(Small), await SeededAsync(Small));
        foreach (var pipeline in new[] { one, many })
        {
            Append(pipeline, 200, minutes: 4);
        }

        await one.WorkAsync(0, batch: 1);
        await many.WorkAsync(0, batch: 200);

        Assert.Equal(one.Deltas, many.Deltas);
        Assert.All(one.Deltas, delta => Assert.Equal(16UL, Range(delta).Points));
        Assert.Equal(12, one.Deltas.Count);
    }

    [Fact]
    public async Task Handle_ManyLayersInOneEpoch_CutsBeforeTheMessageGrowsTooLarge()
    {
        var pipeline = await SeededAsync(new PointsOptions { DeltaBytes = 10_000, StaleEpochs = 1000 });
        Append(pipeline, 1000);

        await pipeline.WorkAsync(0, batch: 1000);
        await pipeline.DrainAsync(0);

        Assert.All(pipeline.Deltas, delta => Assert.True(delta.CalculateSize() < 15_000));
        Assert.Equal(1000, pipeline.Deltas.Sum(delta => (long)Range(delta).Points));
        Assert.Equal(pipeline.Deltas.Skip(1).Select(delta => delta.From), pipeline.Deltas.SkipLast(1).Select(delta => delta.To));
    }

    [Fact]
    public async Task Handle_StoreThatLostEverything_IsRebuiltAndTheLayersLearnNothingTwice()
    {
        var pipeline = await SeededAsync(Small);
        Append(pipeline, 300);
        await pipeline.WorkAsync(0);
        await pipeline.DrainAsync(0);
        var (weights, deltas) = (pipeline.Store.Values.OrderBy(pair => pair.Key).Select(Text).ToArray(), pipeline.Deltas);

        pipeline.Store = new InMemoryStateStore();
        await pipeline.WorkAsync(0, restart: true);
        await pipeline.DrainAsync(0);

        Assert.Equal(weights, pipeline.Store.Values.OrderBy(pair => pair.Key).Select(Text));
        Assert.Equal(deltas, pipeline.Deltas);
    }

    [Fact]
    public async Task Handle_GroupThatLostItsOffsets_TheLayersLearnNothingTwice()
    {
        var pipeline = await SeededAsync(Small);
        Append(pipeline, 128);
        await pipeline.WorkAsync(0);
        await pipeline.ReduceAsync();
        var points = pipeline.Set.Points;
        var again = new Pipeline(pipeline.LayersOptions, Small) { Store = pipeline.Store };
        await again.Layers.ApplyAsync(pipeline.Logs.From(Topics.Layers, 0, 0), TestContext.Current.CancellationToken);
        foreach (var record in pipeline.Logs.From(Topics.InterestPoints, 0, 0))
        {
            again.Logs.Append(record.Topic, 0, record.Key, record.Value!.Value.ToArray(), record.Timestamp);
        }

        await again.WorkAsync(0);
        await again.DrainAsync(0);

        Assert.Equal(128UL, points);
        Assert.Empty(again.Deltas);
    }

    [Fact]
    public async Task Idle_AfterTheLinger_SendsWhatThereIs()
    {
        var pipeline = await SeededAsync(Small);
        Append(pipeline, 5);
        await pipeline.WorkAsync(0);
        await pipeline.IdleAsync(0);
        Assert.Empty(pipeline.Deltas);

        pipeline.Clock.Advance(TimeSpan.FromSeconds(1));
        await pipeline.IdleAsync(0);
        await pipeline.IdleAsync(0);

        Assert.Equal([(0L, 5L, 5UL)], pipeline.Deltas.Select(Range));
        Assert.Equal(5, pipeline.OutputOf(0).Committed(Topics.InterestPoints));
    }

    [Fact]
    public async Task Handle_RecordsThatCanNeverBeHandled_AreDeadAndTheRestGoesOn()
    {
        var pipeline = await SeededAsync(Small);
        var vector = new TopicWorld(8, 32, .4, 1).Next(3).Vector;
        pipeline.Logs.Append(Topics.InterestPoints, 0, "ann", [1, 2, 3], DateTimeOffset.UnixEpoch);
        pipeline.Logs.Append(Topics.InterestPoints, 0, "ann", Pipeline.Point("bob", vector, 1, Start), DateTimeOffset.UnixEpoch);
        pipeline.Logs.Append(
            Topics.InterestPoints, 0, "ann", Pipeline.Point("ann", new(new byte[7], 1), 1, Start), DateTimeOffset.UnixEpoch);
        pipeline.Logs.Append(Topics.InterestPoints, 0, "ann", (byte[]?)null, DateTimeOffset.UnixEpoch);
        pipeline.Append(0, "ann", vector, 1, Start);

        await pipeline.WorkAsync(0);
        Assert.Empty(pipeline.OutputOf(0).Dead);
        await pipeline.DrainAsync(0);

        Assert.Equal([0, 1, 2, 3], pipeline.OutputOf(0).Dead.Select(dead => dead.Record.Offset));
        Assert.Equal([(0L, 5L, 1UL)], pipeline.Deltas.Select(Range));
        Assert.Single(pipeline.Store.Values);
    }

    [Fact]
    public async Task Handle_AnotherWriterWasThere_GivesUp()
    {
        var pipeline = await SeededAsync(Small);
        Append(pipeline, 10);
        await pipeline.WorkAsync(0);
        var key = pipeline.Store.Values.Keys.First();
        pipeline.Store.Values[key] = FencedValue.Encode(
            [new Fence(Pipeline.Log, 5000)], FencedValue.Payload(pipeline.Store.Values[key]).Span);
        Append(pipeline, 50);

        await Assert.ThrowsAsync<StateFencedException>(() => pipeline.WorkAsync(0));
    }

    [Fact]
    public async Task Handle_BeforeThereIsASet_WaitsForIt()
    {
        var pipeline = new Pipeline(points: Small);
        var world = new TopicWorld(8, 32, .4, 1);
        pipeline.Append(0, "ann", world.Next().Vector, 1, Start);

        var work = pipeline.WorkAsync(0);
        Assert.False(work.IsCompleted);
        await pipeline.SeedAsync(world);
        await work.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Single(pipeline.Store.Values);
    }

    [Fact]
    public async Task Handle_TooFarAheadOfTheLayers_WaitsForThem()
    {
        var pipeline = await SeededAsync(new PointsOptions { EpochPoints = 64, StaleEpochs = 2 });
        Append(pipeline, 64 * 4);

        var work = pipeline.WorkAsync(0, batch: 64 * 4);
        Assert.False(work.IsCompleted);
        Assert.Equal(192, pipeline.OutputOf(0).Committed(Topics.InterestPoints));
        pipeline.Logs.Append(pipeline.OutputOf(0).Sent);
        pipeline.OutputOf(0).Sent.Clear();
        await pipeline.ReduceAsync();
        await work.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal([1UL, 1UL, 1UL, 4UL], pipeline.Deltas.Select(delta => delta.LayerSetVersion));
    }

    private static async Task<Pipeline> SeededAsync(PointsOptions options)
    {
        var pipeline = new Pipeline(points: options);
        await pipeline.SeedAsync(new TopicWorld(8, 32, .4, 1));
        return pipeline;
    }

    private static void Append(Pipeline pipeline, int count, int seed = 5, int minutes = 0, bool dismissals = false)
    {
        var random = new Random(seed);
        var world = new TopicWorld(8, 32, .4, 1);
        for (var i = 0; i < count; i++)
        {
            var (user, vector) = ($"user{random.Next(30)}", world.Next().Vector);
            var weight = dismissals && random.Next(8) == 0 ? -1 : 1;
            pipeline.Append(0, user, vector, weight, Start + (i * minutes * 60_000L) + (minutes == 0 ? random.Next(1000) : 0));
        }
    }

    private static (long From, long To, ulong Points) Range(Messages.LayerDelta delta)
        => (delta.From, delta.To, (ulong)delta.Entries.Sum(entry => (long)entry.Points));

    private static string Text(KeyValuePair<string, byte[]> pair) => $"{pair.Key} {Convert.ToHexString(pair.Value)}";
}
