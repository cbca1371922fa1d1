using Strata.Clustering.Layers;
using Strata.Contracts;
using Messages = Strata.Contracts.Layers.V1;

namespace Strata.Clustering.Tests.Moves;

[Trait("height", "unit")]
public sealed class RequestedMoveTests
{
    [Fact]
    public async Task Reducer_MergeAsked_MergesThoseTwoOnceAndKeepsK()
    {
        var pipeline = await WorkedAsync();
        var (gone, into) = (pipeline.Set.Layers[2].Id, pipeline.Set.Layers[5].Id);

        Ask(pipeline, gone, into);
        Ask(pipeline, gone, into);
        await pipeline.ReduceAsync();

        var move = Assert.Single(pipeline.Set.History.Changes, change => change.Move is { Requested: true }).Move!;
        Assert.Equal((gone, into), (move.Removed, move.MergedInto));
        Assert.Equal([new Heir(gone, into, 1)], pipeline.Set.Lineage.HeirsOf(gone));
        Assert.Equal(8, pipeline.Set.Count);
        Assert.True(pipeline.Set.IndexOf(gone) < 0 && pipeline.Set.IndexOf(into) >= 0);
        Assert.NotNull(pipeline.Set.Layers[^1].Name);
    }

    [Fact]
    public async Task Reducer_SplitAsked_SplitsThatLayerAndKeepsK()
    {
        var pipeline = await WorkedAsync();
        var parent = pipeline.Set.Layers[3].Id;

        Ask(pipeline, parent, 0);
        await pipeline.ReduceAsync();

        var move = Assert.Single(pipeline.Set.History.Changes, change => change.Move is { Requested: true }).Move!;
        Assert.Equal(parent, move.Parent);
        Assert.Equal(("request", move), (pipeline.Set.Answers[^1].RequestId, pipeline.Set.Answers[^1].Made!.Move));
        Assert.Equal([move.First, move.Second], pipeline.Set.Lineage.HeirsOf(parent).Select(heir => heir.Live));
        Assert.Equal(8, pipeline.Set.Count);
    }

    [Theory]
    [InlineData(999, 0)]
    [InlineData(1, 999)]
    [InlineData(1, 1)]
    public async Task Reducer_MoveThatCannotBe_ChangesNothing(uint layer, uint into)
    {
        var pipeline = await WorkedAsync();
        var version = pipeline.Set.Version;

        Ask(pipeline, layer, into);
        await pipeline.ReduceAsync();

        Assert.Equal(version, pipeline.Set.Version);
        Assert.Equal((null, true), (pipeline.Set.Answers[^1].Made, pipeline.Set.Answers[^1].Refusal.Length > 0));
        Assert.DoesNotContain(pipeline.Set.History.Changes, change => change.Move is { Requested: true });
    }

    [Fact]
    public async Task Reducer_CommandOfAnOlderLog_IsMade()
    {
        var pipeline = await WorkedAsync();
        var parent = pipeline.Set.Layers[3].Id;
        var old = new Messages.LayerDelta { Partition = -1, Move = new() { LayerId = parent, RequestId = "old" } };

        pipeline.Logs.Append(Topics.LayerDeltas, 0, null, new Messages.LayerDelta { Partition = -1 }, default);
        pipeline.Logs.Append(Topics.LayerDeltas, 0, null, old, default);
        await pipeline.ReduceAsync();

        Assert.Equal(("old", parent), (pipeline.Set.Answers[^1].RequestId, pipeline.Set.Answers[^1].Made!.Move!.Parent));
        Assert.Empty(pipeline.ReducerOutput.Dead);
    }

    [Fact]
    public async Task Reducer_CommandOfALaterRelease_IsADeadLetterAndChangesNothing()
    {
        var pipeline = await WorkedAsync();
        var version = pipeline.Set.Version;

        pipeline.Logs.Append(Topics.LayerDeltas, 0, Keys.LayerCommand, new Messages.LayerCommand(), default);
        await pipeline.ReduceAsync();

        Assert.Equal(version, pipeline.Set.Version);
        Assert.Contains("nothing that is known", Assert.Single(pipeline.ReducerOutput.Dead).Reason, StringComparison.Ordinal);
    }

    private static void Ask(Pipeline pipeline, uint layer, uint into)
        => pipeline.Logs.Append(
            Topics.LayerDeltas,
            0,
            Keys.LayerCommand,
            new Messages.LayerCommand { Move = new() { LayerId = layer, IntoLayerId = into, RequestId = "request" } },
            default);

    private static async Task<Pipeline> WorkedAsync()
    {
        var world = new TopicWorld(8, 32, .4, 1);
        var pipeline = new Pipeline(new LayersOptions { Layers = 8, EpochPoints = 64, MovesPerEpoch = 0, MoveMembers = 12 });
        await pipeline.SeedAsync(world);
        for (var i = 0; i < 2000; i++)
        {
            pipeline.Append(0, $"u{i % 10}", world.Next().Vector, 1, 1_700_000_000_000 + i);
        }

        await pipeline.WorkAsync(0);
        await pipeline.DrainAsync(0);
        await pipeline.ReduceAsync();
        return pipeline;
    }
}
