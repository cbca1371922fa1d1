using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Forgetting;

/// <summary>Wires who was forgotten.</summary>
public static class ForgettingServices
{
    /// <summary>Adds the keys and the marks of forgotten users. Needs the state store. A second call changes nothing.</summary>
    public static IServiceCollection AddForgetting(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<UsersOptions, UsersOptionsValidator>().BindConfiguration(UsersOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UsersOptions>, UsersRules>());
        services.TryAddSingleton<UserKeyRing>();
        services.TryAddSingleton<ForgottenMarks>();
        return services;
    }
}
