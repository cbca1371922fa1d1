using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Featurizer.Activity.Core;
using Strata.Streaming;

namespace Strata.Featurizer.Activity;

internal static class ActivityServices
{
    public static IServiceCollection AddActivity(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ActivityOptions, ActivityOptionsValidator>().BindConfiguration(ActivityOptions.SectionName);
        services.TryAddSingleton<ActivityMetrics>();
        services.AddConsumerDefaults(
            ActivityOptions.Group, consumer => (consumer.Awaited, consumer.MinFetchBytes) = (false, 65_536)); // it only sums up
        return services.AddStreamConsumer<ActivityReducer>(ActivityOptions.Group, Topics.ActivityDeltas, Topics.ItemFeatures);
    }
}
