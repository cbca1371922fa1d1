using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Contracts;
using Strata.Contracts.Bounds;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;
using Strata.Testing.Poison;

namespace Strata.Clustering.Tests.Poison;

/// <summary>Every field of every topic with what no writer means: nothing stops, and what goes on is clean.</summary>
[Trait("height", "harness")]
public sealed class PoisonTests
{
    private const int Dimensions = 32;

    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(GoodMessages.TimeMs);

    private readonly TopicWorld _world = new(8, Dimensions, .4, 1);

    [Fact]
    public async Task Points_AbsurdOnesAndAbsurdWeightsInTheStore_AreSetAsideAndTheNextOneCounts()
    {
        var pipeline = new Pipeline();
        await pipeline.SeedAsync(_world);
        var good = Pipeline.Point("u1", _world.Next().Vector, 1, GoodMessages.TimeMs);
        (good.ItemId, good.EventOffset) = ("i1", 3);
        var poison = pipeline.Logs.AppendAbsurdities(Topics.InterestPoints, 0, "u1", good);
        pipeline.Logs.Append(Topics.InterestPoints, 0, "u1", good, Time);
        var users = 0;
        foreach (var absurdity in Absurdities.Of(GoodMessages.UserLayers()).Where(absurdity => absurdity.IsRefused))
        {
            pipeline.Store.Values[Keys.UserLayers($"p{users}")] = FencedValue.Encode([new Fence(Pipeline.Log, 0)], absurdity.Bytes);
            pipeline.Append(0, $"p{users++}", _world.Next().Vector, 1, GoodMessages.TimeMs);
        }

        await pipeline.WorkAsync(0);
        await pipeline.DrainAsync(0);

        var output = pipeline.OutputOf(0);
        Assert.InRange(output.Dead.Count, 1, poison.Count);
        Assert.Contains(output.Dead, dead => dead.Reason.StartsWith("event_time_unix_ms is 4611686018427387904", StringComparison.Ordinal));
        Assert.Equal(users, pipeline.Store.Values.Keys.Count(key => key.StartsWith("quarantine:{u:p", StringComparison.Ordinal)));
        Assert.All(
            pipeline.Store.Values.Where(value => value.Key.StartsWith('{')),
            value => Assert.Null(MessageBounds.Fault(UserLayers.Parser.ParseFrom(FencedValue.Payload(value.Value).Span))));
        Assert.All(pipeline.Deltas, delta => Assert.Null(MessageBounds.Fault(delta)));
        Assert.Equal(poison.Count + 1 + users, output.Committed(Topics.InterestPoints));
    }

    [Fact]
    public async Task Deltas_AbsurdOnesAndOnesOfEightDimensions_AreDeadLetteredAndTheNextOneCounts()
    {
        var pipeline = new Pipeline();
        await pipeline.SeedAsync(_world);
        var good = LayerDeltaCodec.ToMessage(TopicWorld.Delta(pipeline.Set, [.. _world.Take(20).Select(p => p.Vector)], partition: 1));
        var short8 = GoodMessages.LayerDelta();
        (short8.Seeding, short8.Partition, short8.Move) = (pipeline.Set.Seeding, 3, null);
        pipeline.Logs.AppendAbsurdities(
            Topics.LayerDeltas,
            0,
            null,
            good,
            absurdity => absurdity.IsRefused || absurdity.Field.StartsWith("entries", StringComparison.Ordinal));
        pipeline.Logs.Append(Topics.LayerDeltas, 0, null, short8, Time);
        await pipeline.ReduceAsync();
        var (before, dead) = (pipeline.Set.Points, pipeline.ReducerOutput.Dead.Count);
        var next = TopicWorld.Delta(pipeline.Set, [.. _world.Take(20).Select(p => p.Vector)], partition: 1, from: (int)good.To);
        pipeline.Logs.Append(Topics.LayerDeltas, 0, null, LayerDeltaCodec.ToMessage(next), Time);

        await pipeline.ReduceAsync();

        Assert.True(dead > 20, $"{dead} dead letters");
        Assert.Contains(
            pipeline.ReducerOutput.Dead, letter => letter.Reason == "its vectors are not of the 32 dimensions that the layers have");
        Assert.Equal(before + 20, pipeline.Set.Points);
        AssertClean(pipeline);
    }

    [Fact]
    public async Task Layers_GarbageInTheirTopic_IsSkippedAndTheSetBeforeItStaysInForceAndIsRestored()
    {
        var pipeline = new Pipeline();
        await pipeline.SeedAsync(_world);
        var set = pipeline.Set;
        var layer = LayerSetCodec.ToMessage(set, 0);
        var poison = pipeline.Logs.AppendAbsurdities(
                Topics.Layers, 0, LayerSetCodec.KeyOf(layer.LayerId), layer, absurdity => absurdity.IsRefused).Count
            + pipeline.Logs.AppendAbsurdities(
                Topics.Layers, 0, LayerSetCodec.MarkerKey, LayerSetCodec.ToMarker(set), absurdity => absurdity.IsRefused).Count;
        pipeline.Logs.Append(Topics.Layers, 0, "nobody", layer, Time);
        pipeline.Logs.Append(Topics.Layers, 0, null, [1, 2, 3], Time);
        pipeline.Logs.Append(Topics.Layers, 0, LayerSetCodec.KeyOf(set.Layers[1].Id), (byte[]?)null, Time);
        pipeline.Logs.Append(Topics.Layers, 0, LayerSetCodec.MarkerKey, LayerSetCodec.ToMarker(set), Time);

        await pipeline.PublishAsync();
        var skipped = pipeline.Logs.Skipped.Count;
        await pipeline.StartReducerAsync();

        Assert.Equal(poison + 2, skipped);
        Assert.Equal(set.Version, pipeline.Set.Version);
        Assert.Equal(set.Count, pipeline.Set.Count);
        pipeline.Logs.Append(
            Topics.LayerDeltas, 0, null, LayerDeltaCodec.ToMessage(TopicWorld.Delta(set, [.. _world.Take(9).Select(p => p.Vector)])), Time);
        await pipeline.ReduceAsync();
        Assert.Equal(set.Points + 9, pipeline.Set.Points);
        AssertClean(pipeline);
    }

    [Fact]
    public async Task Catalogue_GarbageAndVectorsOfAnotherSpace_AreLeftOutAndTheSeedingIsTheItems()
    {
        var pipeline = new Pipeline();
        var items = _world.Take(400).Select((p, i) => ($"item{i:D5}", $"topic{p.Topic} thing", p.Vector)).ToArray();
        await pipeline.FillCatalogueAsync(items);
        var longer = GoodMessages.Features(768);
        longer.ItemId = "aaa";
        var known = GoodMessages.Features(Dimensions);
        known.ItemId = "item00000";
        var poison = pipeline.Logs.AppendAbsurdities(Topics.ItemFeatures, 0, known.ItemId, known, absurdity => absurdity.IsRefused);
        await pipeline.Catalogue.ApplyAsync(
            [
                .. poison,
                pipeline.Logs.Append(Topics.ItemFeatures, 0, "aaa", longer, Time),
                pipeline.Logs.Append(Topics.ItemFeatures, 0, null, known, Time),
            ],
            TestContext.Current.CancellationToken);
        pipeline.Logs.Append(Topics.LayerDeltas, 0, Keys.LayerCommand, LayerCommandCodec.Seed(), Time);

        await pipeline.ReduceAsync();

        Assert.Equal(poison.Count + 1, pipeline.Logs.Skipped.Count);
        Assert.Equal("topic", pipeline.Catalogue.TitleOf("item00000")![..5]);
        Assert.Equal(400, pipeline.Catalogue.Main.Items);
        Assert.Equal(8, pipeline.Set.Count);
        Assert.Equal(Dimensions, pipeline.Set.Dimensions);
    }

    private static void AssertClean(Pipeline pipeline)
    {
        LayerSet set = pipeline.Set;
        Assert.Null(MessageBounds.Fault(LayerSetCodec.ToMarker(set)));
        Assert.All(Enumerable.Range(0, set.Count), index => Assert.Null(MessageBounds.Fault(LayerSetCodec.ToMessage(set, index))));
    }
}
