using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Clustering.Catalogue;

internal static class CatalogueServices
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.TryAddSingleton<ItemTable>();
        return services.AddTable<ItemTable>("clustering-items", Topics.ItemFeatures);
    }
}
