using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Clustering.InForce;

/// <summary>Wires the layer set by which this process assigns points.</summary>
internal static class InForceServices
{
    public static IServiceCollection AddLayersInForce(this IServiceCollection services)
    {
        services.TryAddSingleton<LayerTable>();
        return services.AddTable<LayerTable>("clustering-layers", Topics.Layers);
    }
}
