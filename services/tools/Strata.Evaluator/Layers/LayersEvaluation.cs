using Strata.Clustering.Layers;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Texts;
using Strata.Numerics.Clusters;

namespace Strata.Evaluator.Layers;

/// <summary>In which order labelled texts stream by.</summary>
internal enum TextOrder
{
    /// <summary>Shuffled.</summary>
    Random,

    /// <summary>Label after label: topics that the layers have never seen keep coming up.</summary>
    Label,
}

/// <summary>
/// Streams labelled texts once through the layers and compares what became of them with the labels: at arrival (the layer at the moment the
/// text came) and at the end (all texts by the last set), beside batch K-means on the same vectors, as the encoder gives them and centred
/// as the layers see them.
/// </summary>
internal sealed class LayersEvaluation(IEvaluationProgress progress, string cacheFolder)
{
    private const int BatchStarts = 4;

    public async Task<LayersReport> RunAsync(
        string path,
        LayersOptions options,
        TextOrder order,
        int seed,
        CancellationToken cancellationToken)
    {
        using var features = new TextFeatures(cacheFolder);
        var texts = LabelledText.Read(path, features.EncodedLength);
        var shuffled = texts.ToArray();
        new Random(seed).Shuffle(shuffled);
        texts = order == TextOrder.Label ? [.. shuffled.OrderBy(text => text.Label, StringComparer.Ordinal)] : shuffled;
        var encoded = await features.PassagesAsync(
            [.. texts.Select(text => text.Text)],
            progress.Begin("texts", texts.Count, "texts"),
            cancellationToken);
        var names = texts.Select(text => text.Label).Distinct(StringComparer.Ordinal).ToList();
        var labels = texts.Select(text => names.IndexOf(text.Label)).ToArray();
        var stream = new TextStream(encoded, features.Encoder, options);
        await Task.Run(() => stream.Run(progress.Begin("strata", encoded.Length, "texts")), cancellationToken);
        var batch = await Task.Run(() => Batch("batch", stream.Raw, stream.Set.Count, seed), cancellationToken);
        var centred = await Task.Run(() => Batch("batch-centred", stream.Centred, stream.Set.Count, seed), cancellationToken);
        return new LayersReport
        {
            Texts = Path.GetFileName(path),
            Count = texts.Count,
            Labels = names.Count,
            Layers = stream.Set.Count,
            Order = order == TextOrder.Label ? "label" : "random",
            Seed = seed,
            Moves = stream.Moves,
            Stability = stream.Stability,
            Methods =
            [
                Line("strata", stream.Final, labels),
                Line("strata-at-arrival", stream.AtArrival, labels),
                Line("batch", batch, labels),
                Line("batch-centred", centred, labels),
            ],
        };
    }

    private int[] Batch(string name, float[][] points, int clusters, int seed)
    {
        var tell = progress.Begin(name, 1, "runs");
        var result = BatchKMeans.Cluster(points, clusters, BatchStarts, new Random(seed));
        tell(1);
        return result;
    }

    private static LayersMethod Line(string name, int[] clusters, int[] labels) => new(
        name,
        ClusterAgreement.NormalizedMutualInformation(clusters, labels),
        ClusterAgreement.AdjustedRandIndex(clusters, labels),
        ClusterAgreement.Purity(clusters, labels));
}

/// <summary>What <c>evaluate layers</c> found.</summary>
internal sealed record LayersReport
{
    public required string Texts { get; init; }

    public required int Count { get; init; }

    public required int Labels { get; init; }

    public required int Layers { get; init; }

    public required string Order { get; init; }

    public required int Seed { get; init; }

    /// <summary>Layers that moved on the way.</summary>
    public required int Moves { get; init; }

    /// <summary>Share of the texts seen so far that stay in their layer from one epoch to the next, averaged.</summary>
    public required double Stability { get; init; }

    public required IReadOnlyList<LayersMethod> Methods { get; init; }
}

/// <summary>Agreement of a clustering with the labels.</summary>
internal sealed record LayersMethod(string Name, double Nmi, double Ari, double Purity);
