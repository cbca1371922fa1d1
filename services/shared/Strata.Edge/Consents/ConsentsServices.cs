using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts;
using Strata.Streaming;

namespace Strata.Edge.Consents;

/// <summary>Wires what users allow.</summary>
public static class ConsentsServices
{
    /// <summary>Follows what users consent to. Needs the names of users. A second call changes nothing.</summary>
    public static IServiceCollection AddConsents(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.All(service => service.ServiceType != typeof(UserConsents)))
        {
            services.AddOptions<ConsentOptions>().BindConfiguration(ConsentOptions.SectionName);
            services.AddTable<UserConsents>(UserConsents.TableName, Topics.Consents);
        }

        return services;
    }
}
