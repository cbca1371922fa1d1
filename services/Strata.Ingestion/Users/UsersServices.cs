using Microsoft.Extensions.DependencyInjection.Extensions;
using Strata.Ingestion.Users.Core;

namespace Strata.Ingestion.Users;

internal static class UsersServices
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<UserOptions, UserOptionsValidator>().BindConfiguration(UserOptions.SectionName);
        services.TryAddSingleton<UserIntake>();
        return services;
    }
}
