using Strata.Clustering.CurrentLayers;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;

namespace Strata.Clustering.Tests.Reducer;

[Trait("height", "harness")]
public sealed class LayerReducerHandlerTests
{
    private const long Start = 1_700_000_000_000;

    private readonly TopicWorld _world = new(8, 32, .4, 1);

    [Fact]
    public async Task Handle_SeedRequest_PublishesANamedSetOnce()
    {
        var pipeline = new Pipeline();
        await pipeline.SeedAsync(_world);

        pipeline.Logs.Append(Topics.LayerDeltas, 0, Keys.LayerCommand, LayerCommandCodec.Seed(), default);
        await pipeline.ReduceAsync();

        Assert.Equal((1UL, 8), (pipeline.Set.Version, pipeline.Set.Count));
        Assert.All(pipeline.Set.Layers, layer => Assert.StartsWith("topic", layer.Name!.Words[0].Word));
        Assert.All(pipeline.Set.Layers, layer => Assert.Equal(5, layer.Name!.ExampleItemIds.Count));
        Assert.Equal(400, pipeline.Set.Layers.Sum(layer => layer.Name!.Items));
        Assert.Equal(9, pipeline.Logs.From(Topics.Layers, 0, 0).Count);
        Assert.Equal(2, pipeline.ReducerOutput.Committed(Topics.LayerDeltas));
    }

    [Fact]
    public async Task Handle_SeedRequestBeforeTheCatalogueIsRead_SeedsNothing()
    {
        var pipeline = new Pipeline();
        pipeline.Logs.Append(Topics.LayerDeltas, 0, Keys.LayerCommand, LayerCommandCodec.Seed(), default);

        await pipeline.ReduceAsync();

        Assert.Null(pipeline.Layers.Current);
    }

    [Fact]
    public async Task Handle_DuplicatedDeltas_CountOnce()
    {
        var (plain, doubled) = (await WorkedAsync(500), await WorkedAsync(500));
        var random = new Random(3);
        foreach (var record in doubled.Logs.From(Topics.LayerDeltas, 0, 1).ToArray())
        {
            doubled.Logs.Append(record.Topic, 0, null, record.Value!.Value.ToArray(), record.Timestamp);
            if (random.Next(2) == 0)
            {
                doubled.Logs.Append(record.Topic, 0, null, record.Value!.Value.ToArray(), record.Timestamp);
            }
        }

        await plain.ReduceAsync();
        await doubled.ReduceAsync(batch: 3);

        Assert.Equal(7UL, plain.Set.Version - 1);
        AssertSame(plain.Set, doubled.Set);
    }

    [Fact]
    public async Task Handle_AGap_AsksForTheLogAgainAndCommitsNothing()
    {
        var pipeline = await WorkedAsync(200);
        var deltas = pipeline.Logs.From(Topics.LayerDeltas, 0, 1);

        var rewind = await Assert.ThrowsAsync<RewindException>(async () => await pipeline.Reducer!.HandleAsync(
            [deltas[0], deltas[2]], pipeline.ReducerOutput, TestContext.Current.CancellationToken));

        Assert.Equal((Topics.LayerDeltas, 0), (rewind.Topic, rewind.Offset));
        Assert.Equal(1, pipeline.ReducerOutput.Committed(Topics.LayerDeltas));
        Assert.Empty(pipeline.ReducerOutput.Sent);
    }

    [Fact]
    public async Task Handle_StateOlderThanThePosition_ReadsAgainWhatItLacksToTheSameBits()
    {
        var (plain, behind) = (await WorkedAsync(500), await WorkedAsync(500));
        await plain.ReduceAsync();
        var first = behind.Logs.From(Topics.LayerDeltas, 0, 1)[0];
        await behind.Reducer!.HandleAsync([first], behind.ReducerOutput, TestContext.Current.CancellationToken);
        await behind.PublishAsync();
        behind.ReducerOutput.Commit(Topics.LayerDeltas, 4);

        await Assert.ThrowsAsync<RewindException>(() => behind.ReduceAsync(restart: true));
        await behind.StartReducerAsync(rewound: 0);
        await behind.ReduceAsync(batch: 3);

        AssertSame(plain.Set, behind.Set);
    }

    [Fact]
    public async Task Handle_TheLogForgotWhatIsMissing_GoesOnBehindIt()
    {
        var pipeline = await WorkedAsync(200);
        var deltas = pipeline.Logs.From(Topics.LayerDeltas, 0, 1);
        await pipeline.StartReducerAsync(rewound: 0);

        await pipeline.Reducer!.HandleAsync(
            [deltas[0], deltas[2]], pipeline.ReducerOutput, TestContext.Current.CancellationToken);

        Assert.Equal(deltas[2].Offset + 1, pipeline.ReducerOutput.Committed(Topics.LayerDeltas));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Start_AfterCrashes_GoesOnToTheSameBits(int batch)
    {
        // Tight limits, so that layers move and the samples of the last deltas matter.
        var options = new LayersOptions
        {
            Layers = 8,
            EpochPoints = 64,
            HalfLifePoints = 400,
            MoveMembers = 12,
            Samples = 64,
            ItemWeight = 0,
        };
        var (plain, crashed) = (await WorkedAsync(2500, options, drift: true), await WorkedAsync(2500, options, drift: true));
        await plain.ReduceAsync(batch: 1);

        var random = new Random(batch);
        while (crashed.ReducerOutput.Committed(Topics.LayerDeltas) < crashed.Logs.From(Topics.LayerDeltas, 0, 0).Count)
        {
            await crashed.StartReducerAsync();
            var committed = crashed.ReducerOutput.Committed(Topics.LayerDeltas);
            var from = Math.Min(committed, crashed.Set.SamplesFrom ?? committed);
            var again = (int)(committed - from) / batch;
            foreach (var records in crashed.Logs.From(Topics.LayerDeltas, 0, from).Chunk(batch).Take(again + 6 + random.Next(6)))
            {
                await crashed.Reducer!.HandleAsync(records, crashed.ReducerOutput, TestContext.Current.CancellationToken);
            }

            await crashed.PublishAsync();
        }

        Assert.NotEmpty(plain.Set.Lineage.Rows);
        AssertSame(plain.Set, crashed.Set);
    }

    [Fact]
    public async Task Handle_DeltasOfOneWorkerOrOfFour_GiveTheSameBits()
    {
        var (one, four) = (await FourPartitionsAsync(), await FourPartitionsAsync());
        for (var partition = 0; partition < 4; partition++)
        {
            await one.WorkAsync(partition, batch: 128);
            await one.DrainAsync(partition);
        }

        for (var until = 8; until <= 128; until += 8)
        {
            for (var partition = 0; partition < 4; partition++)
            {
                await four.WorkAsync(partition, batch: 5, until, restart: until % 3 == 0);
            }
        }

        foreach (var partition in Enumerable.Range(0, 4))
        {
            await four.DrainAsync(partition);
        }

        // Workers side by side send in another order; the reducer's log is what makes one order of them.
        var sorted = new Pipeline(four.LayersOptions, four.PointsOptions);
        await sorted.SeedAsync(new TopicWorld(8, 32, .4, 1));
        foreach (var delta in four.Deltas.OrderBy(delta => delta.Partition).ThenBy(delta => delta.From))
        {
            sorted.Logs.Append(Topics.LayerDeltas, 0, null, delta, default);
        }

        await one.ReduceAsync();
        await sorted.ReduceAsync();

        Assert.Equal(512UL, one.Set.Points);
        AssertSame(one.Set, sorted.Set);
        Assert.Equal(
            one.Store.Values.OrderBy(p => p.Key).Select(p => Convert.ToHexString(p.Value)),
            four.Store.Values.OrderBy(p => p.Key).Select(p => Convert.ToHexString(p.Value)));
    }

    [Fact]
    public async Task Handle_ManyVersions_PublishesChangedLayersAndAllOfThemEverySoOften()
    {
        var pipeline = await WorkedAsync(64 * 40, onlyTopic: 2);
        var before = pipeline.Logs.From(Topics.Layers, 0, 0).Count;

        await pipeline.ReduceAsync(batch: 1);

        var sizes = new List<int> { 0 };
        foreach (var record in pipeline.Logs.From(Topics.Layers, 0, before))
        {
            if (record.Key == LayerSetCodec.MarkerKey)
            {
                sizes.Add(0);
            }
            else
            {
                sizes[^1]++;
            }
        }

        // Versions 2 to 41; 16 and 32 are the full ones.
        Assert.Equal(41, sizes.Count);
        Assert.Equal([14, 30], sizes.Index().Where(size => size.Item == 8).Select(size => size.Index));
        Assert.True(sizes.Sum() < 40 * 4, $"{sizes.Sum()} layers");
        await AssertLateReaderAsync(pipeline, before);
    }

    [Fact]
    public async Task Handle_CatalogueGrownFourfold_SeedsAnewWithHeirsAndTombstones()
    {
        var pipeline = await WorkedAsync(64);
        await pipeline.ReduceAsync();
        var first = pipeline.Set;
        await pipeline.FillCatalogueAsync(_world.Take(1600).Select((p, i) => ($"more{i:D5}", $"topic{p.Topic} thing", p.Vector)));
        pipeline.Logs.Append(Topics.LayerDeltas, 0, Keys.LayerCommand, LayerCommandCodec.Seed(), default);

        await pipeline.ReduceAsync();

        var second = pipeline.Set;
        Assert.Equal(first.Version + 1, second.Seeding);
        Assert.True(second.NextLayerId >= first.NextLayerId);
        Assert.Equal(first.Positions, second.Positions);
        Assert.All(
            first.Layers,
            layer => Assert.True(second.IndexOf(layer.Id) >= 0 || second.IndexOf(second.Lineage.HeirsOf(layer.Id)[0].Live) >= 0));
        Assert.Equal(
            first.Layers.Count(layer => second.IndexOf(layer.Id) < 0),
            pipeline.Logs.From(Topics.Layers, 0, 0).Count(record => record.Value is null));

        // Points go on, and those assigned by the old set are passed over.
        await pipeline.WorkAsync(0);
        await pipeline.ReduceAsync();
        Assert.Equal(first.Positions[0].Next, pipeline.Set.Positions[0].Next);
    }

    [Fact]
    public async Task Idle_CatalogueChanged_NamesAnewWithoutANewVersion()
    {
        var pipeline = new Pipeline();
        await pipeline.SeedAsync(_world);
        await pipeline.FillCatalogueAsync(_world.Take(100).Select((p, i) => ($"more{i:D5}", "zebra zebra zebra", p.Vector)));
        var before = pipeline.Logs.From(Topics.Layers, 0, 0).Count;

        await pipeline.Reducer!.IdleAsync(pipeline.ReducerOutput, TestContext.Current.CancellationToken);
        Assert.Empty(pipeline.ReducerOutput.Sent);
        pipeline.Clock.Advance(TimeSpan.FromSeconds(10));
        await pipeline.Reducer!.IdleAsync(pipeline.ReducerOutput, TestContext.Current.CancellationToken);
        await pipeline.PublishAsync();

        Assert.Equal(1UL, pipeline.Set.Version);
        Assert.Equal(500, pipeline.Set.Layers.Sum(layer => layer.Name!.Items));
        Assert.True(pipeline.Logs.From(Topics.Layers, 0, 0).Count > before);
    }

    [Fact]
    public void IsDue_SmallCatalogue_WaitsForRestAndALargeOneDoesNot()
    {
        var (layers, options) = (new LayersOptions(), new ReducerOptions());

        Assert.False(SeedingRule.IsDue(null, "e", 7, 0, true, layers, options));
        Assert.True(SeedingRule.IsDue(null, "e", 8, 0, true, layers, options));
        Assert.False(SeedingRule.IsDue(null, "e", 4095, 0, false, layers, options));
        Assert.True(SeedingRule.IsDue(null, "e", 4096, 0, false, layers, options));
    }

    private async Task<Pipeline> FourPartitionsAsync()
    {
        var pipeline = new Pipeline(points: new PointsOptions { EpochPoints = 32, StaleEpochs = 1000 });
        await pipeline.SeedAsync(new TopicWorld(8, 32, .4, 1));
        var world = new TopicWorld(8, 32, .4, 1);
        for (var i = 0; i < 512; i++)
        {
            pipeline.Append(i % 4, $"user{i % 4}-{i % 7}", world.Next().Vector, 1, Start + i);
        }

        return pipeline;
    }

    /// <summary>Points handled and their deltas in the log, not reduced yet.</summary>
    private static async Task<Pipeline> WorkedAsync(int points, LayersOptions? options = null, bool drift = false, int? onlyTopic = null)
    {
        var pipeline = new Pipeline(
            options, new PointsOptions { EpochPoints = 64, StaleEpochs = 1000 }, new ReducerOptions { AllLayersEvery = 16 });
        var world = new TopicWorld(8, 32, .4, 1);
        await pipeline.SeedAsync(world);
        for (var i = 0; i < points; i++)
        {
            if (drift && i % 800 == 799)
            {
                world.Replace(i / 800);
            }

            pipeline.Append(0, $"user{i % 11}", world.Next(onlyTopic).Vector, 1, Start + i);
        }

        await pipeline.WorkAsync(0);
        return pipeline;
    }

    private static async Task AssertLateReaderAsync(Pipeline pipeline, int from)
    {
        // A reader to whom the log begins in the middle sees nothing until all layers have come by, and then the same set.
        var late = new LayerTable(Microsoft.Extensions.Logging.Abstractions.NullLogger<LayerTable>.Instance);
        late.CaughtUp();
        var records = pipeline.Logs.From(Topics.Layers, 0, from + 1);
        var seen = 0;
        foreach (StreamRecord record in records)
        {
            await late.ApplyAsync([record], TestContext.Current.CancellationToken);
            seen += late.Current is null ? 1 : 0;
        }

        Assert.True(seen > 5);
        AssertSame(pipeline.Set, late.Current!.Set);
    }

    private static void AssertSame(LayerSet expected, LayerSet actual)
    {
        Assert.Equal(LayerSetCodec.ToMarker(expected with { NextGroupId = 1 }), LayerSetCodec.ToMarker(actual with { NextGroupId = 1 }));
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(WithoutName(expected, i), WithoutName(actual, i));
        }
    }

    // When names and groups are given depends on the clock.
    private static Contracts.Layers.V1.Layer WithoutName(LayerSet set, int index)
    {
        var layer = LayerSetCodec.ToMessage(set, index);
        layer.Words.Clear();
        layer.ExampleItemIds.Clear();
        layer.Items = 0;
        (layer.GroupId, layer.ParentGroupId, layer.ShapeId) = (0, 0, 0);
        return layer;
    }
}
