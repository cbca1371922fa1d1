using Microsoft.Extensions.Logging.Abstractions;
using Strata.Clustering.CurrentLayers;
using Strata.Clustering.Points.Core;
using Strata.Contracts;

namespace Strata.Clustering.Tests.CurrentLayers;

[Trait("height", "harness")]
public sealed class LayerTableTests
{
    [Fact]
    public async Task Wait_LogHalfRead_ShowsNoOldSetAndThenTheNewest()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var pipeline = new Pipeline(points: new PointsOptions { EpochPoints = 64, StaleEpochs = 1000 });
        var world = new TopicWorld(8, 32, .4, 1);
        await pipeline.SeedAsync(world);
        for (var i = 0; i < 400; i++)
        {
            pipeline.Append(0, $"user{i % 7}", world.Next().Vector, 1, 1_700_000_000_000 + i);
        }

        await pipeline.WorkAsync(0);
        await pipeline.ReduceAsync(batch: 1);
        var records = pipeline.Logs.From(Topics.Layers, 0, 0);
        var table = new LayerTable(NullLogger<LayerTable>.Instance);

        var waiting = table.WaitAsync(_ => true, cancellation).AsTask();
        await table.ApplyAsync([.. records.Take(records.Count / 2)], cancellation);
        var early = (table.Current, waiting.IsCompleted);
        await table.ApplyAsync([.. records.Skip(records.Count / 2)], cancellation);
        table.CaughtUp();

        Assert.Equal((null, false), early);
        Assert.True(pipeline.Set.Version > 2);
        Assert.Equal(pipeline.Set.Version, (await waiting.WaitAsync(TimeSpan.FromSeconds(30), cancellation)).Set.Version);
    }
}
