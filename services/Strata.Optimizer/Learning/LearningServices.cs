using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Optimizer.Learning;

/// <summary>Wires the room that learns the policy.</summary>
internal static class LearningServices
{
    private const string Group = "learner";

    public static IServiceCollection AddLearning(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LearningOptions, LearningOptionsValidator>().BindConfiguration(LearningOptions.SectionName);
        services.TryAddSingleton<LearningMetrics>();
        return services.AddStreamConsumer(
            Group,
            (provider, context) => ActivatorUtilities.CreateInstance<LearnerHandler>(
                provider, context, provider.GetRequiredService<IOptions<LearningOptions>>().Value),
            Topics.Training);
    }
}
