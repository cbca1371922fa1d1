using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Clustering.CurrentLayers;

/// <summary>Wires the layer set by which this process assigns points.</summary>
internal static class CurrentLayersServices
{
    public static IServiceCollection AddCurrentLayers(this IServiceCollection services)
    {
        services.TryAddSingleton<LayerTable>();
        return services.AddTable<LayerTable>("clustering-layers", Topics.Layers);
    }
}
