using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Strata.Ranking.Queries;

/// <summary>Wires who describes queries; a host that has an encoder adds its own before.</summary>
internal static class QueriesServices
{
    public static IServiceCollection AddQueries(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<QueriesOptions, QueriesOptionsValidator>().BindConfiguration(QueriesOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QueriesOptions>, QueriesAddressValidator>());
        services.TryAddSingleton<IQueryTexts, RemoteQueryTexts>();
        return services;
    }
}
