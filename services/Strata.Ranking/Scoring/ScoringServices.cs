using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Ranking.Candidates;
using Strata.Ranking.Index;
using Strata.Streaming;

namespace Strata.Ranking.Scoring;

/// <summary>Wires the rooms that propose and score candidates.</summary>
internal static class ScoringServices
{
    public static IServiceCollection AddScoring(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CandidateOptions, CandidateOptionsValidator>().BindConfiguration(CandidateOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CandidateOptions>, CandidateSourceNamesValidator>());
        services.AddOptionsWithValidateOnStart<ScoringOptions, ScoringOptionsValidator>().BindConfiguration(ScoringOptions.SectionName);
        services.TryAddSingleton<PolicySlot>();
        services.TryAddSingleton<PolicyTable>();
        services.TryAddSingleton(provider => new Recommender(
            provider.GetRequiredService<Catalogue>(),
            provider.GetRequiredService<PolicySlot>(),
            provider.GetRequiredService<IOptions<CandidateOptions>>().Value,
            provider.GetRequiredService<IOptions<IndexOptions>>().Value));
        return services.AddTable<PolicyTable>(PolicyTable.Name, Topics.Policy);
    }
}
