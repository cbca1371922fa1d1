using Microsoft.Extensions.DependencyInjection;
using Strata.Local.Sample;
using Strata.Numerics.Clusters;
using Strata.Ranking.Index.Core;

namespace Strata.Local.Summary;

/// <summary>How well the layers that the stream found agree with the topics that the simulation knows.</summary>
/// <param name="Layers">Layers at the end.</param>
/// <param name="Nmi">Normalised mutual information of items' layers and topics.</param>
/// <param name="NmiBatch">The same for batch K-means with as many clusters on the same vectors, best of four starts.</param>
internal sealed record LayerAgreement(int Layers, double Nmi, double NmiBatch)
{
    private const int Starts = 4;

    public static LayerAgreement Measure(IServiceProvider services, SampleCatalogue catalogue, int seed)
    {
        var view = services.GetRequiredService<Catalogue>().Current;
        var items = catalogue.Items.Select(item => (item.Topic, Index: view.IndexOf(item.ItemId)))
            .Where(item => item.Index >= 0 && view.Vectors.RowOf(item.Index) >= 0)
            .ToList();
        var topics = items.Select(item => catalogue.Topics.ToList().IndexOf(item.Topic)).ToArray();
        var slots = items.Select(item => view.Assignment.SlotOf(item.Index)).ToArray();
        var vectors = items.Select(item => view.Vectors.Vector(view.Vectors.RowOf(item.Index)).ToArray()).ToList();
        var batch = BatchKMeans.Cluster(vectors, view.Layers.Count, Starts, new Random(seed));
        return new LayerAgreement(
            view.Layers.Count,
            ClusterAgreement.NormalizedMutualInformation(slots, topics),
            ClusterAgreement.NormalizedMutualInformation(batch, topics));
    }
}
