using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Ranking.Browse;

/// <summary>Wires the calls that show layers.</summary>
internal static class BrowseServices
{
    public static IServiceCollection AddBrowse(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<BrowseOptions, BrowseOptionsValidator>().BindConfiguration(BrowseOptions.SectionName);
        services.TryAddSingleton<LayerControlPublisher>();
        services.TryAddSingleton<MoveAnswers>();
        return services;
    }
}
