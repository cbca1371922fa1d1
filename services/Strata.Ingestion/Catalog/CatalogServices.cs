using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Ingestion.Catalog.Core;
using Strata.Streaming;

namespace Strata.Ingestion.Catalog;

internal static class CatalogServices
{
    public static IServiceCollection AddCatalog(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CatalogOptions, CatalogOptionsValidator>().BindConfiguration(CatalogOptions.SectionName);
        services.TryAddSingleton<KnownItems>();
        services.TryAddSingleton<CatalogIntake>();
        return services.AddTable<KnownItems>(KnownItems.TableName, Topics.Items);
    }
}
