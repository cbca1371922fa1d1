using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Clustering.Catalogue;
using Strata.Clustering.Interests;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Points.Core;
using Strata.Contracts;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;
using Strata.Streaming;
using Strata.Streaming.Consuming;

namespace Strata.Clustering.Points;

/// <summary>Wires the workers: what handles interest points.</summary>
internal static class PointsServices
{
    private const string Group = ConsumerGroups.PointsGroup;

    public static IServiceCollection AddPoints(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PointsOptions, PointsOptionsValidator>().BindConfiguration(PointsOptions.SectionName);
        services.TryAddSingleton<PointsMetrics>();
        services.AddConsumerDefaults(Group, consumer => consumer.Awaited = false); // it only sums up
        return services.AddStreamConsumer(Group, Create, Topics.InterestPoints);
    }

    private static PointsHandler Create(IServiceProvider provider, PartitionContext context)
    {
        var options = provider.GetRequiredService<IOptions<PointsOptions>>().Value;
        var interests = provider.GetRequiredService<IOptions<InterestsOptions>>().Value;
        var users = new UserStore(
            provider.GetRequiredService<IStateStore>(),
            provider.GetRequiredService<ForgottenMarks>(),
            context,
            Topics.InterestPoints,
            interests);
        var weighing = new PointWeighing(users, provider.GetRequiredService<ItemTable>(), interests);
        return ActivatorUtilities.CreateInstance<PointsHandler>(provider, context, users, weighing, options);
    }
}
