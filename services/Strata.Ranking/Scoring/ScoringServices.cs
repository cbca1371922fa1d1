using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Ranking.Scoring.Core;
using Strata.Streaming;

namespace Strata.Ranking.Scoring;

/// <summary>Wires the table that follows the policy.</summary>
internal static class ScoringServices
{
    public static IServiceCollection AddScoring(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ScoringOptions, ScoringOptionsValidator>().BindConfiguration(ScoringOptions.SectionName);
        services.TryAddSingleton<CurrentPolicy>();
        services.TryAddSingleton<PolicyVersions>();
        services.TryAddSingleton<PolicyTable>();
        return services.AddTable<PolicyTable>(PolicyTable.Name, Topics.Policy);
    }
}
