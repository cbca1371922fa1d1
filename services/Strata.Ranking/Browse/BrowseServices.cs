using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Ranking.Browse;

/// <summary>Wires the room that shows layers.</summary>
internal static class BrowseServices
{
    public static IServiceCollection AddBrowse(this IServiceCollection services)
    {
        services.TryAddSingleton<LayerControlPublisher>();
        return services;
    }
}
