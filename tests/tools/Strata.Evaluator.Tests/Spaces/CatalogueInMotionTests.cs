using System.Text.Json;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Reducer.Core;
using Strata.Clustering.Seeding;
using Strata.Contracts.Catalog.V1;
using Strata.Numerics;

namespace Strata.Evaluator.Tests.Spaces;

/// <summary>Layers of a catalogue that grows, is replaced, or changes its texts: on the sample's shop, whose topics are known.</summary>
[Trait("height", "harness")]
public sealed class CatalogueInMotionTests
{
    private static readonly LayersOptions Options = new();

    [Fact]
    public async Task Seed_SomeItemsFirst_GivesTheLayersThatAllAtOnceGive()
    {
        var (_, vectors) = await SampleSpace.Shop.Value;
        var whole = Seed(vectors, null);
        var grown = Seed(vectors, Learned(Seed(vectors[..500], null), vectors[..20], 5_000));

        Assert.Equal(29, whole.Count);
        Assert.Equal(Parts(whole, vectors), Parts(grown, vectors));
        Assert.True(SeedingRule.IsDue(Seed(vectors[..500], null), "e", 550, 50, atRest: false, Options, new ReducerOptions()));
    }

    [Fact]
    public async Task Seed_Always_LeavesNoLayerWithFewerThanThreeItems()
    {
        var (_, vectors) = await SampleSpace.Shop.Value;

        foreach (var items in new[] { 12, 40, 100, 500, 831 })
        {
            var set = Seed(vectors[..items], null);

            Assert.True(SampleSpace.Assign(set, vectors[..items]).CountBy(layer => layer).Min(layer => layer.Value) >= 3, $"{items} items");
        }
    }

    [Fact]
    public async Task Seed_TextsThatWereAllTheSame_RenewTheSetOfOneLayer()
    {
        var (lines, vectors) = await SampleSpace.Shop.Value;
        using var texts = SampleSpace.Open();
        var same = (await texts.DescribeAsync([new Item { ItemId = "i", Title = "New product" }], _ => { }, CancellationToken.None))[0];
        var one = Seed([.. Enumerable.Repeat(SampleSpace.ToRaw(same.Embedding), 300)], null);

        var renewed = Seed(vectors[..300], one);

        Assert.Equal(1, one.Count);
        Assert.True(SeedingRule.IsDue(one, "e", 300, 30, atRest: false, Options, new ReducerOptions()));
        Assert.True(Agreement(renewed, lines[..300], vectors[..300]) > .8);
    }

    [Fact]
    public async Task Seed_CatalogueReplaced_LeavesNoGhostAndTheTopicsAsFresh()
    {
        var (lines, vectors) = await SampleSpace.Shop.Value;
        var topics = lines.Select(line => SampleSpace.Text(line, "topic")).Distinct().ToList();
        int[] late = [.. Enumerable.Range(0, lines.Count).Where(i => topics.IndexOf(SampleSpace.Text(lines[i], "topic")) % 2 == 0)];
        Int8Vector[] before = [.. Enumerable.Range(0, lines.Count).Except(late).Select(i => vectors[i])];
        Int8Vector[] after = [.. late.Select(i => vectors[i])];

        var set = Seed(after, Learned(Seed(before, null), before[..50], 5_000));

        Assert.True(SampleSpace.Assign(set, after).CountBy(layer => layer).Min(layer => layer.Value) >= 3);
        Assert.Equal(set.Count, SampleSpace.Assign(set, after).Distinct().Count());
        var nmi = Agreement(set, [.. late.Select(i => lines[i])], after);
        Assert.True(nmi >= Agreement(Seed(after, null), [.. late.Select(i => lines[i])], after) - .03, $"NMI {nmi}");
    }

    [Fact]
    public async Task Apply_DemandForFewItems_NeverOutweighsTheCatalogue()
    {
        var (lines, vectors) = await SampleSpace.Shop.Value;
        var set = Seed(vectors, null);

        var learned = Learned(set, vectors[..20], 20_000);

        var nmi = Agreement(learned, lines, vectors);
        Assert.True(nmi >= Agreement(set, lines, vectors) - .03, $"NMI {nmi}");
        Assert.InRange(learned.PointWeight, .01, .1);
    }

    [Fact]
    public async Task Step_DemandForOneItem_MakesNoLayerWithoutItems()
    {
        var (_, vectors) = await SampleSpace.Shop.Value;
        var stream = new LayerStream(Seed(vectors, null), Options);
        stream.Show(vectors);
        for (var round = 0; round < 20; round++)
        {
            var points = Enumerable.Range(0, 1_024).Select(i => vectors[(round + i) % 3 * 7]).ToArray();
            stream.Absorb(round, Delta(stream.Set, points, round * 1_024L));
        }

        Assert.True(SampleSpace.Assign(stream.Set, vectors).CountBy(layer => layer).Min(layer => layer.Value) >= 3);
        Assert.Equal(stream.Set.Count, SampleSpace.Assign(stream.Set, vectors).Distinct().Count());
    }

    [Fact]
    public async Task Step_LayerLeftWithTwoItems_IsMergedWithItsLineage()
    {
        var (_, vectors) = await SampleSpace.Shop.Value;
        var stream = new LayerStream(Seed(vectors, null), Options);
        var layers = SampleSpace.Assign(stream.Set, vectors);
        var (ghost, count) = (stream.Set.Layers[5].Id, stream.Set.Count);
        int[] own = [.. Enumerable.Range(0, layers.Length).Where(i => layers[i] == 5)];
        Int8Vector[] left = [.. Enumerable.Range(0, layers.Length).Except(own.Skip(2)).Select(i => vectors[i])];
        stream.Show(left);

        var (_, moves) = stream.Absorb(0, Delta(stream.Set, [.. left.Take(800), .. left.Take(800)], 0));

        Assert.Contains(moves, move => move.Removed == ghost && move.Parent == 0);
        Assert.True(stream.Set.IndexOf(ghost) < 0 && stream.Set.Count <= count - 1);
        Assert.Equal(1, stream.Set.Lineage.HeirsOf(ghost).Sum(heir => heir.Share), 1e-3);
        Assert.True(SampleSpace.Assign(stream.Set, left).CountBy(layer => layer).Min(layer => layer.Value) >= 3);
    }

    private static LayerSet Seed(IReadOnlyList<Int8Vector> vectors, LayerSet? previous)
        => LayerSeeding.Seed(vectors, "e", Options, previous);

    /// <summary>The set after so many points on the same few items.</summary>
    private static LayerSet Learned(LayerSet set, Int8Vector[] items, int points)
    {
        for (var at = 0; at < points; at += 500)
        {
            var chunk = Enumerable.Range(at, 500).Select(i => items[i % items.Length]).ToArray();
            (set, _) = LayerSetReducer.Apply(set, Delta(set, chunk, at));
        }

        return set;
    }

    private static LayerDelta Delta(LayerSet set, Int8Vector[] points, long from)
    {
        var centred = new float[points.Length * set.Dimensions];
        for (var i = 0; i < points.Length; i++)
        {
            points[i].TryCentre(set.Mean.Span, centred.AsSpan(i * set.Dimensions, set.Dimensions));
        }

        var nearest = new Nearest[points.Length];
        new Assigner(set).Assign(centred, nearest);
        var epoch = new Clustering.Points.Core.DeltaAccumulator(set);
        for (var i = 0; i < points.Length; i++)
        {
            epoch.Add(nearest[i], centred.AsSpan(i * set.Dimensions, set.Dimensions), points[i], from + i);
        }

        return epoch.ToDelta(0, 1, from, from + points.Length, 0);
    }

    /// <summary>Which items lie together, whatever their layers' ids.</summary>
    private static List<int> Parts(LayerSet set, IReadOnlyList<Int8Vector> vectors)
    {
        var names = new Dictionary<int, int>();
        return [.. SampleSpace.Assign(set, vectors).Select(layer => names.TryAdd(layer, names.Count) ? names.Count - 1 : names[layer])];
    }

    private static double Agreement(LayerSet set, List<JsonElement> lines, IEnumerable<Int8Vector> vectors)
        => SampleSpace.Agreement(
            set,
            vectors.Select(vector => new Contracts.Common.V1.Vector
            {
                Codes = Google.Protobuf.ByteString.CopyFrom(vector.Codes.Span),
                Scale = vector.Scale,
            }),
            lines);
}
