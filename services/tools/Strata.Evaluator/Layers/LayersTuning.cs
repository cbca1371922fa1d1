using Strata.Clustering.Layers;
using Strata.Contracts.Common.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Texts;
using Strata.Numerics.Clusters;

namespace Strata.Evaluator.Layers;

/// <summary>
/// Runs the layers over a catalogue for several K, each twice, with the items in two orders: seeded from the first of them and streamed
/// through, as a reducer would. Nothing says which K is right; what can be said is how clearly items lie in their layers (silhouette), how
/// much of it is the items' and not chance's (agreement of the two runs), and how evenly.
/// </summary>
internal sealed class LayersTuning(IEvaluationProgress progress, string cacheFolder)
{
    // Silhouettes cost items²: this many of them, the same for every K.
    private const int SilhouetteItems = 2000;

    /// <summary>
    /// Runs the layers for K from <paramref name="from"/> to <paramref name="to"/> in steps of √2; null: from a quarter of the default to
    /// four times it.
    /// </summary>
    public async Task<TuningReport> RunAsync(string path, int? from, int? to, int seed, CancellationToken cancellationToken)
    {
        var items = DatasetItems.Read(path);
        if (items.Count < 4)
        {
            throw new DatasetException($"'{path}' has {items.Count} items. Layers want at least 4.");
        }

        using var features = new TextFeatures(cacheFolder);
        var described = await features.DescribeAsync(items, progress.Begin("items", items.Count, "items"), cancellationToken);
        Vector[] vectors = [.. described.Select(item => item.Embedding)];
        var usual = new LayersOptions().LayersFor(items.Count);
        var range = Range(from ?? Math.Max(2, usual / 4), to ?? Math.Min(items.Count / 2, usual * 4), usual);
        var tell = progress.Begin("layers", range.Count, "values of K");
        var rows = new List<TuningRow>(range.Count);
        foreach (var layers in range)
        {
            rows.Add(await Task.Run(() => Try(vectors, features.Encoder, layers, seed), cancellationToken));
            tell(rows.Count);
        }

        return new TuningReport { Items = Path.GetFileName(path), Count = items.Count, Default = usual, Seed = seed, Rows = rows };
    }

    /// <summary>K from one to the other in steps of √2, with the default in the place of a step beside it when it lies between.</summary>
    internal static IReadOnlyList<int> Range(int from, int to, int usual)
    {
        var range = new SortedSet<int>();
        for (double layers = from; Math.Round(layers) <= to; layers *= Math.Sqrt(2))
        {
            range.Add((int)Math.Round(layers));
        }

        // The last one and the default take the place of steps beside them.
        foreach (var wanted in new[] { to, usual }.Where(layers => layers >= from && layers <= to))
        {
            range.RemoveWhere(layers => layers != from && Math.Max(layers, wanted) < 1.1 * Math.Min(layers, wanted));
            range.Add(wanted);
        }

        return [.. range];
    }

    private static TuningRow Try(Vector[] vectors, string encoder, int layers, int seed)
    {
        var (first, centred, dimensions) = Run(vectors, encoder, layers, seed);
        var (second, _, _) = Run(vectors, encoder, layers, seed + 1);
        int[] sizes = [.. first.CountBy(layer => layer).Select(layer => layer.Value).Order()];
        var sample = Math.Min(SilhouetteItems, first.Length);
        return new TuningRow(
            layers,
            Silhouette.Mean(centred.AsSpan(0, sample * dimensions), dimensions, first.AsSpan(0, sample)),
            ClusterAgreement.NormalizedMutualInformation(first, second),
            sizes[0],
            sizes[sizes.Length / 2],
            sizes[^1],
            layers - sizes.Length);
    }

    // Layers and vectors in an order of the seed's own: the first is the same sample for every K and both runs.
    private static (int[] Layers, float[] Centred, int Dimensions) Run(Vector[] vectors, string encoder, int layers, int seed)
    {
        var order = Enumerable.Range(0, vectors.Length).ToArray();
        new Random(seed).Shuffle(order);
        var stream = new TextStream([.. order.Select(i => vectors[i])], encoder, new LayersOptions { Layers = layers, ItemWeight = 0 });
        stream.Run(static _ => { });
        var (final, points) = (stream.Final, stream.Centred);
        var found = new int[vectors.Length];
        var centred = new float[vectors.Length * stream.Set.Dimensions];
        for (var i = 0; i < order.Length; i++)
        {
            found[order[i]] = final[i];
            points[i].CopyTo(centred.AsSpan(order[i] * stream.Set.Dimensions));
        }

        return (found, centred, stream.Set.Dimensions);
    }
}

/// <summary>What <c>layers tune</c> found.</summary>
internal sealed record TuningReport
{
    public required string Items { get; init; }

    /// <summary>Number of items.</summary>
    public required int Count { get; init; }

    /// <summary>K that this catalogue gets by default.</summary>
    public required int Default { get; init; }

    /// <summary>Seed of the first run; the second has the next one.</summary>
    public required int Seed { get; init; }

    /// <summary>By K.</summary>
    public required IReadOnlyList<TuningRow> Rows { get; init; }
}

/// <summary>One K.</summary>
/// <param name="Layers">K.</param>
/// <param name="Silhouette">Mean silhouette by cosine distance, −1 to 1.</param>
/// <param name="Stability">Normalised mutual information of the two runs, 0 to 1.</param>
/// <param name="Smallest">Items of the smallest layer that has any.</param>
/// <param name="Median">Items of the middle one.</param>
/// <param name="Largest">Items of the largest.</param>
/// <param name="Empty">Layers without items.</param>
internal sealed record TuningRow(int Layers, double Silhouette, double Stability, int Smallest, int Median, int Largest, int Empty);
