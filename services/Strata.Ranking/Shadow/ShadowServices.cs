using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Ranking.Shadow.Core;
using Strata.Streaming;

namespace Strata.Ranking.Shadow;

/// <summary>Wires the scoring of organic positives. Needs Index and Scoring.</summary>
internal static class ShadowServices
{
    /// <summary>Name of the consumer's health check.</summary>
    public const string HealthCheck = $"consumer:{Group}";

    private const string Group = ConsumerGroups.ShadowGroup;

    // Any seed will do: chance only decides which events are sampled.
    private const int SamplerSeed = 20;

    public static IServiceCollection AddShadow(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ShadowOptions, ShadowOptionsValidator>().BindConfiguration(ShadowOptions.SectionName);
        services.TryAddSingleton<ShadowMetrics>();
        services.TryAddSingleton<IShadowRanker, RecommenderShadowRanker>();
        services.TryAddSingleton<IActivityWatermark, IndexWatermark>();
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ShadowOptions>>().Value;
            var time = provider.GetRequiredService<TimeProvider>();
            return new AdaptiveSampler(options.TargetPerSecond, options.MaxShare, time, new Random(SamplerSeed));
        });
        services.AddConsumerDefaults(
            Group, consumer => (consumer.Essential, consumer.Awaited, consumer.MinFetchBytes) = (false, false, 65_536)); // it only trains
        return services.AddStreamConsumer(
            Group,
            (provider, context) => ActivatorUtilities.CreateInstance<ShadowHandler>(
                provider, context, provider.GetRequiredService<IOptions<ShadowOptions>>().Value),
            Topics.Events);
    }
}
