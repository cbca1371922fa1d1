using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Clustering.Groups;
using Strata.Clustering.Layers;
using Strata.Contracts;
using Strata.Streaming;
using Strata.Streaming.Consuming;

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
                provider.GetRequiredService<IOptions<GroupsOptions>>().Value)
            : new EmptyPartitionHandler();
}
