using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Clustering.Groups;
using Strata.Clustering.Layers;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Clustering.Reducer;

/// <summary>Wires what reduces deltas to layers, with the options of the steps that it calls.</summary>
internal static class ReducerServices
{
    private const string Group = "layer-reducer";

    public static IServiceCollection AddReducer(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LayersOptions, LayersOptionsValidator>().BindConfiguration(LayersOptions.SectionName);
        services.AddOptionsWithValidateOnStart<GroupsOptions, GroupsOptionsValidator>().BindConfiguration(GroupsOptions.SectionName);
        services.AddOptionsWithValidateOnStart<ReducerOptions, ReducerOptionsValidator>().BindConfiguration(ReducerOptions.SectionName);
        services.TryAddSingleton<ReducerMetrics>();
        services.AddHostedService<SeedingTrigger>();
        return services.AddStreamConsumer<LayerReducerFactory>(Group, Topics.LayerDeltas);
    }
}
