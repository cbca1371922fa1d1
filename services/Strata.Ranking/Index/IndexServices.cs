using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Ranking.Index.Core;
using Strata.Streaming;

namespace Strata.Ranking.Index;

/// <summary>Wires the catalogue and the table that fills it.</summary>
internal static class IndexServices
{
    public static IServiceCollection AddIndex(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<IndexOptions, IndexOptionsValidator>().BindConfiguration(IndexOptions.SectionName);
        services.TryAddSingleton(provider => new Catalogue(provider.GetRequiredService<IOptions<IndexOptions>>().Value));
        services.TryAddSingleton<ActivityWatermarks>();
        services.TryAddSingleton<IndexMetrics>();
        services.TryAddSingleton<CatalogueTable>();
        return services.AddTable<CatalogueTable>(CatalogueTable.Name, Topics.ItemFeatures, Topics.ItemActivity, Topics.Layers);
    }
}
