using Microsoft.Extensions.DependencyInjection;
using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Seeding;
using Strata.Local.Sample;
using Strata.Numerics;
using Strata.Numerics.Clusters;
using Strata.Ranking.Index.Core;

namespace Strata.Local.Summary;

/// <summary>How well the layers that the stream found agree with the topics that the simulation knows.</summary>
/// <param name="Layers">Layers now.</param>
/// <param name="Nmi">Normalised mutual information of items' layers and topics.</param>
/// <param name="NmiFresh">The same for layers seeded anew from the same items, as many of them.</param>
/// <param name="NmiBatch">The same for batch K-means with as many clusters on the same vectors, best of four starts.</param>
/// <param name="EmptyShare">Share of the layers' weight on layers to which fewer than three items are nearest.</param>
internal sealed record LayerAgreement(int Layers, double Nmi, double NmiFresh, double NmiBatch, double EmptyShare)
{
    private const int Starts = 4;
    private const int LeastItems = 3;

    /// <summary>Looks at the layers as Ranking holds them now.</summary>
    public static LayerAgreement Measure(IServiceProvider services, SampleCatalogue catalogue, int seed)
    {
        var view = services.GetRequiredService<Catalogue>().Current;
        var items = catalogue.Items.OrderBy(item => item.ItemId, StringComparer.Ordinal)
            .Select(item => (item.Topic, Index: view.IndexOf(item.ItemId)))
            .Where(item => view.Vectors.RowOf(item.Index) >= 0)
            .ToList();
        var topics = items.Select(item => catalogue.Topics.ToList().IndexOf(item.Topic)).ToArray();
        var slots = items.Select(item => view.Assignment.SlotOf(item.Index)).ToArray();
        var vectors = items.ConvertAll(item => view.Vectors.Vector(view.Vectors.RowOf(item.Index)));
        var batch = BatchKMeans.Cluster(vectors, view.Layers.Count, Starts, new Random(seed));
        return new LayerAgreement(
            view.Layers.Count,
            ClusterAgreement.NormalizedMutualInformation(slots, topics),
            ClusterAgreement.NormalizedMutualInformation(Fresh(view, [.. items.Select(item => item.Index)]), topics),
            ClusterAgreement.NormalizedMutualInformation(batch, topics),
            EmptyShareOf(view, slots));
    }

    private static int[] Fresh(CatalogueView view, int[] items)
    {
        Int8Vector[] raw = [.. items.Select(item => view.Items.Features[item]!.Embedding)
            .Select(embedding => new Int8Vector(embedding.Codes.Memory, embedding.Scale))];
        var set = LayerSeeding.Seed(raw, view.Layers.Encoder, new LayersOptions { Layers = Math.Max(2, view.Layers.Count) }, null);
        var points = new float[raw.Length * set.Dimensions];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i].TryCentre(set.Mean.Span, points.AsSpan(i * set.Dimensions, set.Dimensions));
        }

        var nearest = new Nearest[raw.Length];
        new Assigner(set).Assign(points, nearest);
        return [.. nearest.Select(point => point.First)];
    }

    private static double EmptyShareOf(CatalogueView view, int[] slots)
    {
        var items = slots.CountBy(slot => slot).ToDictionary();
        var empty = Enumerable.Range(0, view.Layers.Count).Where(slot => items.GetValueOrDefault(slot) < LeastItems);
        return view.Layers.TotalMass > 0 ? empty.Sum(slot => view.Layers.MassOf(view.Layers[slot]!)) / view.Layers.TotalMass : 0;
    }
}
