using Microsoft.Extensions.Logging.Abstractions;
using Strata.Clustering.CurrentLayers;
using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Tests.Schedules;
using Strata.Contracts;

namespace Strata.Clustering.Tests.Reducer;

/// <summary>
/// A set many times larger than a broker's largest message: it travels layer by layer, and readers see whole versions only.
/// </summary>
[Trait("height", "harness")]
public sealed class LargeSetTests
{
    private const int Layers = 1024;
    private const int Dimensions = 384;
    private const int LargestMessage = 1_000_000;
    private const int SmallMessage = 64 * 1024;

    [Fact]
    public async Task Publish_AThousandLayers_FitsSmallMessagesAndIsSeenWhole()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var pipeline = new Pipeline(
            new LayersOptions { Layers = Layers, LloydSteps = 0, Reassignments = 0, ItemWeight = 0 },
            new PointsOptions { EpochPoints = 512, StaleEpochs = 1000 },
            new ReducerOptions { AllLayersEvery = 2 });
        var world = new TopicWorld(32, Dimensions, 1.5, 1);
        await pipeline.SeedAsync(world, items: 1100);
        var seeded = pipeline.Logs.From(Topics.Layers, 0, 0);
        for (var i = 0; i < 1500; i++)
        {
            pipeline.Append(0, $"user{i % 11}", world.Next().Vector, 1, 1_700_000_000_000 + i);
        }

        await pipeline.WorkAsync(0, batch: 500);
        await pipeline.DrainAsync(0);
        await pipeline.ReduceAsync(batch: 1);

        var records = pipeline.Logs.From(Topics.Layers, 0, 0);
        Assert.Equal(Layers + 1, seeded.Count);
        Assert.True(seeded.Sum(record => record.Value!.Value.Length) > 4 * LargestMessage);
        Assert.All(records, record => Assert.InRange(record.Value?.Length ?? 0, 0, SmallMessage));
        Assert.All(pipeline.Logs.From(Topics.LayerDeltas, 0, 0), record => Assert.InRange(record.Value!.Value.Length, 0, LargestMessage));
        Assert.True(pipeline.Deltas.Count > 2 && pipeline.Deltas.Sum(delta => delta.Entries.Sum(entry => (long)entry.Points)) == 1500);

        // A reader that begins in the middle of the first version passes over it, and shows the next ones whole or not at all.
        var late = new LayerTable(NullLogger<LayerTable>.Instance);
        late.CaughtUp();
        var shown = new List<LayerSet>();
        foreach (var part in records.Skip(Layers / 2).Chunk(100))
        {
            await late.ApplyAsync(part, cancellation);
            if (late.Current is { } view && !ReferenceEquals(view.Set, shown.LastOrDefault()))
            {
                shown.Add(view.Set);
            }
        }

        Assert.NotEmpty(shown);
        Assert.DoesNotContain(shown, set => set.Count != Layers || set.Version == 1);

        // What compaction leaves, the newest record of each key, is the newest version, whole.
        var compacted = records.GroupBy(record => record.Key).Select(versions => versions.Last()).Where(record => record.Value is not null)
            .OrderBy(record => record.Offset);
        var restored = new LayerTable(NullLogger<LayerTable>.Instance);
        await restored.ApplyAsync([.. compacted], cancellation);
        Assert.Null(restored.Current);
        restored.CaughtUp();
        Assert.Null(LayerSetBits.Difference(pipeline.Set, restored.Current!.Set));
    }
}
