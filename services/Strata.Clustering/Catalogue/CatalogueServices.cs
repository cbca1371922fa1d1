using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Clustering.Catalogue;

/// <summary>Wires the catalogue of this process.</summary>
internal static class CatalogueServices
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.TryAddSingleton<ItemTable>();
        return services.AddTable<ItemTable>("clustering-items", Topics.ItemFeatures);
    }
}
