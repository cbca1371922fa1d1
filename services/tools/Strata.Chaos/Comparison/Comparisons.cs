using Strata.Chaos.Load;
using Strata.Chaos.Promises;
using Strata.Chaos.Stack;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Tests.Schedules;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Featurizer.Activity.Core;
using Strata.Numerics;

namespace Strata.Chaos.Comparison;

/// <summary>What a campaign left against what it must be.</summary>
internal sealed class Comparisons(CampaignOptions options, FinalLog log, ViolationLog violations, Action<string> tell)
{
    /// <summary>Sums whose order differs.</summary>
    private const double Tolerance = 1e-6;

    private static readonly ActivityOptions Activity = new();

    public async Task RunAsync(StateSnapshot left, CancellationToken cancellationToken)
    {
        await CompareActivityAsync(cancellationToken);
        await CompareLayersAsync(cancellationToken);
        var undisturbed = await new UndisturbedRun(options).RunAsync(log, cancellationToken);
        foreach (var (part, expected) in undisturbed.Parts)
        {
            var found = left.Parts[part];
            var names = expected.Keys.Union(found.Keys).ToList();
            var different = names.Where(name => expected.GetValueOrDefault(name) != found.GetValueOrDefault(name)).ToList();
            tell($"{part}: {expected.Count} undisturbed, {found.Count} after the campaign, {different.Count} different");
            if (different.Count > 0)
            {
                violations.Add(
                    $"{part} as undisturbed",
                    $"{different.Count} of {names.Count} differ; {different[0]}: {found.GetValueOrDefault(different[0], "nothing")}, "
                    + $"undisturbed {expected.GetValueOrDefault(different[0], "nothing")}");
            }
        }

        foreach (var (item, count) in undisturbed.Popularity)
        {
            if (!(Math.Abs(left.Popularity.GetValueOrDefault(item) - count) <= Tolerance * Math.Max(1, count)))
            {
                violations.Add(
                    "activity as undisturbed", $"{item} has {left.Popularity.GetValueOrDefault(item):R}, undisturbed {count:R}");
            }
        }
    }

    /// <summary>What one thread makes of the same deltas, which must tile the events.</summary>
    private async Task CompareActivityAsync(CancellationToken cancellationToken)
    {
        var published = (await log.ReadAsync(Topics.ItemActivity, cancellationToken))
            .Select(record => record.TryParse(ItemActivity.Parser, out var item, out _) && item.ItemId == record.Key ? item : null)
            .OfType<ItemActivity>().GroupBy(item => item.ItemId).ToDictionary(items => items.Key, items => items.Last());
        var states = new Dictionary<int, ActivityState>();
        foreach (var record in await log.ReadAsync(Topics.ActivityDeltas, cancellationToken))
        {
            if (!record.TryParse(ActivityDelta.Parser, out var delta, out _) || delta.ItemPartition != record.Partition)
            {
                continue;
            }

            if (!states.TryGetValue(record.Partition, out var state))
            {
                states[record.Partition] = state = new ActivityState(Activity, record.Partition);
            }

            try
            {
                state.Apply(delta);
            }
            catch (ActivityGapException gap)
            {
                violations.Add("activity's deltas have no gap", gap.Message);
                state.Apply(delta, acrossGaps: true);
            }
        }

        var different = ShopCatalogue.Items.Select(item => item.ItemId)
            .Select(item => (
                Item: item,
                Difference: ActivityDifference.Of(published.GetValueOrDefault(item), Recomputed(item), Activity.Neighbours)))
            .Where(item => item.Difference is not null)
            .ToList();
        var full = published.Values.Sum(item => new[] { item.CoVisits.Count, item.Transitions.Count }.Count(n => n == Activity.Neighbours));
        tell($"activity: {published.Count} items, {different.Count} different from a sequential recomputation; {full} full lists");
        if (different.Count > 0)
        {
            violations.Add("activity as recomputed", $"{different.Count} items differ; {different[0].Item}: {different[0].Difference}");
        }

        ItemActivity? Recomputed(string item)
            => states.Values.Select(state => state.Find(item)).SingleOrDefault(found => found is not null);
    }

    /// <summary>What one thread makes of the same points and cuts, to the bit.</summary>
    private async Task CompareLayersAsync(CancellationToken cancellationToken)
    {
        var vectors = (await log.ReadAsync(Topics.ItemFeatures, cancellationToken))
            .Select(record => record.TryParse(ItemFeatures.Parser, out var features, out _) ? features : null).OfType<ItemFeatures>()
            .Where(features => features.ItemId.StartsWith("item-", StringComparison.Ordinal))
            .GroupBy(features => features.ItemId).Select(versions => versions.First())
            .OrderBy(features => features.ItemId, StringComparer.Ordinal)
            .Select(features => new Int8Vector(features.Embedding.Codes.Memory, features.Embedding.Scale));
        var sequential = new SequentialRun(new LayersOptions(), [.. vectors]);
        try
        {
            foreach (var record in await log.ReadAsync(Topics.InterestPoints, cancellationToken))
            {
                sequential.AddPoint(record.TryParse(InterestPoint.Parser, out _, out _) ? record : record with { Value = Nothing });
            }

            foreach (var record in await log.ReadAsync(Topics.Layers, cancellationToken))
            {
                if (record.Value is null
                    || (record.Key == "set"
                        ? record.TryParse(LayerSetMarker.Parser, out _, out _)
                        : record.TryParse(Layer.Parser, out _, out _)))
                {
                    sequential.AddLayer(record);
                }
            }

            foreach (var record in await log.ReadAsync(Topics.LayerDeltas, cancellationToken))
            {
                if (LayerCommandCodec.TryRead(record, out _, out _, out _))
                {
                    sequential.AddDelta(record);
                }
            }

            sequential.Finish();
            tell($"layers: {sequential.Versions} versions, {sequential.Points} points, {sequential.Moves} moves, all as recomputed; "
                + $"{sequential.Duplicates} deltas were there twice");
        }
        catch (InvalidDataException fault)
        {
            violations.Add("layers as recomputed", fault.Message);
        }
    }

    /// <summary>In the place of poison among the points: it takes its offset and counts for nothing.</summary>
    private static ReadOnlyMemory<byte> Nothing { get; } =
        Google.Protobuf.MessageExtensions.ToByteArray(new InterestPoint { UserOnly = true });
}
