using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Optimizer.Outcomes.Core;
using Strata.Streaming;

namespace Strata.Optimizer.Outcomes;

internal static class OutcomesServices
{
    private const string Group = ConsumerGroups.OutcomesGroup;

    public static IServiceCollection AddOutcomes(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<OutcomesOptions, OutcomesOptionsValidator>().BindConfiguration(OutcomesOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutcomesOptions>, OutcomesWindowsValidator>());
        services.TryAddSingleton<OutcomesMetrics>();
        services.AddConsumerDefaults(
            Group, consumer => (consumer.Awaited, consumer.MinFetchBytes) = (false, 65_536)); // it only learns
        return services.AddStreamConsumer(
            Group,
            (provider, context) => ActivatorUtilities.CreateInstance<OutcomeHandler>(
                provider, context, provider.GetRequiredService<IOptions<OutcomesOptions>>().Value),
            Topics.Impressions,
            Topics.Events);
    }
}
