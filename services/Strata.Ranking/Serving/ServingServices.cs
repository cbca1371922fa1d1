using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Strata.Ranking.Candidates;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Serving.Rules;
using Strata.Ranking.Serving.Streams;
using Strata.Ranking.Slates;

namespace Strata.Ranking.Serving;

/// <summary>Wires the calls for slates, with the settings of the pure code that they call.</summary>
internal static class ServingServices
{
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CandidateOptions, CandidateOptionsValidator>()
            .BindConfiguration(CandidateOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CandidateOptions>, CandidateSourceNamesValidator>());
        services.AddOptionsWithValidateOnStart<SlateOptions, SlateOptionsValidator>().BindConfiguration(SlateOptions.SectionName);
        services.TryAddSingleton(provider => new Recommender(
            provider.GetRequiredService<Catalogue>(),
            provider.GetRequiredService<CurrentPolicy>(),
            provider.GetRequiredService<IOptions<CandidateOptions>>().Value,
            provider.GetRequiredService<IOptions<IndexOptions>>().Value,
            provider.GetRequiredService<IOptions<ScoringOptions>>().Value,
            provider.GetRequiredService<IOptions<SlateOptions>>().Value.OneInterest));
        services.AddArms();
        services.AddRules();
        services.TryAddSingleton<ServingMetrics>();
        services.TryAddSingleton<CatalogueLookups>();
        services.TryAddSingleton<TypingAnswers>();
        services.TryAddSingleton<SegmentFilter>();
        services.AddStreams();
        services.TryAddSingleton<WarmUp>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<WarmUp>());
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            WarmUp.HealthCheck, provider => provider.GetRequiredService<WarmUp>(), HealthStatus.Unhealthy, tags: null));
        return services;
    }
}
