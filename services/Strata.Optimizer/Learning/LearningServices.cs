using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Optimizer.Learning.Core;
using Strata.Streaming;

namespace Strata.Optimizer.Learning;

internal static class LearningServices
{
    private const string Group = ConsumerGroups.LearnerGroup;

    public static IServiceCollection AddLearning(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LearningOptions, LearningOptionsValidator>().BindConfiguration(LearningOptions.SectionName);
        services.TryAddSingleton<LearningMetrics>();
        services.AddConsumerDefaults(
            Group, consumer => (consumer.Awaited, consumer.MinFetchBytes) = (false, 65_536)); // it only learns
        return services.AddStreamConsumer(
            Group,
            (provider, context) => ActivatorUtilities.CreateInstance<LearnerHandler>(
                provider, context, provider.GetRequiredService<IOptions<LearningOptions>>().Value),
            Topics.Training);
    }
}
