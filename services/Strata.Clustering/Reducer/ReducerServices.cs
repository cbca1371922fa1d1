using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Clustering.Groups;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Clustering.Reducer;

/// <summary>Wires the room that reduces deltas to layers.</summary>
internal static class ReducerServices
{
    private const string Group = "layer-reducer";

    public static IServiceCollection AddReducer(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ReducerOptions>().BindConfiguration(ReducerOptions.SectionName);
        services.AddSingleton<IValidateOptions<ReducerOptions>, ReducerOptionsValidator>();
        services.AddOptionsWithValidateOnStart<GroupsOptions, GroupsOptionsValidator>().BindConfiguration(GroupsOptions.SectionName);
        services.TryAddSingleton<ReducerMetrics>();
        services.AddHostedService<SeedingTrigger>();
        return services.AddStreamConsumer<LayerReducerFactory>(Group, Topics.LayerDeltas);
    }
}
