using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Clustering.Groups;
using Strata.Clustering.Layers;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts;
using Strata.Streaming;
using Strata.Streaming.Consuming;

namespace Strata.Clustering.Reducer;

/// <summary>Wires what reduces deltas to layers, with the options of the steps that it calls.</summary>
internal static class ReducerServices
{
    private const string Group = ConsumerGroups.LayersGroup;

    public static IServiceCollection AddReducer(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LayersOptions, LayersOptionsValidator>().BindConfiguration(LayersOptions.SectionName);
        services.AddOptionsWithValidateOnStart<GroupsOptions, GroupsOptionsValidator>().BindConfiguration(GroupsOptions.SectionName);
        services.AddOptionsWithValidateOnStart<ReducerOptions, ReducerOptionsValidator>().BindConfiguration(ReducerOptions.SectionName);
        services.AddOptionsWithValidateOnStart<SegmentsOptions, SegmentsOptionsValidator>()
            .BindConfiguration(SegmentsOptions.SectionName);
        services.TryAddSingleton<ReducerMetrics>();
        services.AddHostedService<SeedingTrigger>();
        return services.AddStreamConsumer(Group, Create, Topics.LayerDeltas);
    }

    /// <summary>Partition 0 carries all deltas; the others are watched.</summary>
    private static IPartitionHandler Create(IServiceProvider provider, PartitionContext context)
        => context.Partition == 0
            ? ActivatorUtilities.CreateInstance<LayerReducerHandler>(
                provider,
                context,
                provider.GetRequiredService<IOptions<LayersOptions>>().Value,
                provider.GetRequiredService<IOptions<ReducerOptions>>().Value,
                provider.GetRequiredService<IOptions<GroupsOptions>>().Value,
                provider.GetRequiredService<IOptions<SegmentsOptions>>().Value)
            : new EmptyPartitionHandler();
}
