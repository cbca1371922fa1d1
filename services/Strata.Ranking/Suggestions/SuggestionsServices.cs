using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Ranking.Suggestions;

/// <summary>Wires what is suggested while somebody types. Needs Index.</summary>
internal static class SuggestionsServices
{
    /// <summary>Name of the table's health check: the host is ready without it.</summary>
    public const string HealthCheck = $"table:{SearchTable.Name}";

    public static IServiceCollection AddSuggestions(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SuggestionsOptions, SuggestionsOptionsValidator>()
            .BindConfiguration(SuggestionsOptions.SectionName);
        services.TryAddSingleton<CurrentSuggestions>();
        services.TryAddSingleton<SuggestionsMetrics>();
        services.TryAddSingleton<SearchTable>();
        services.TryAddSingleton<SuggestionRefresh>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<SuggestionRefresh>());
        return services.AddTable<SearchTable>(SearchTable.Name, Topics.Events);
    }
}
