using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Endpoints;

internal static class EndpointsServices
{
    public static IServiceCollection AddEndpoints(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EndpointsOptions, EndpointsOptionsValidator>()
            .BindConfiguration(EndpointsOptions.SectionName);
        services.AddSingleton<IValidateOptions<EndpointsOptions>, EndpointsRules>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelEndpoints>();
        services.AddSingleton<ListenAddress>();
        services.AddSingleton<Certificate>();
        services.AddSingleton<ServiceAddresses>();
        services.AddHostedService<ClosePause>();
        return services;
    }
}
