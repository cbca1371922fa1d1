using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Clustering.Layers;

/// <summary>Wires the layers of this process.</summary>
internal static class LayersServices
{
    public static IServiceCollection AddLayers(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LayersOptions>().BindConfiguration(LayersOptions.SectionName);
        services.AddSingleton<IValidateOptions<LayersOptions>, LayersOptionsValidator>();
        services.TryAddSingleton<LayerTable>();
        return services.AddTable<LayerTable>("clustering-layers", Topics.Layers);
    }
}
