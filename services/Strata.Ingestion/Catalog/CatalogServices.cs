using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Ingestion.Catalog;

/// <summary>Wires the catalogue's room.</summary>
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
