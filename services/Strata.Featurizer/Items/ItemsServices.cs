using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Featurizer.Items;

internal static class ItemsServices
{
    public static IServiceCollection AddItems(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ItemsOptions, ItemsOptionsValidator>().BindConfiguration(ItemsOptions.SectionName);
        services.TryAddSingleton<ItemFeaturizer>();
        services.TryAddSingleton<ItemsMetrics>();
        return services.AddStreamConsumer<ItemsHandler>(ConsumerGroups.ItemsGroup, Topics.Items);
    }
}
