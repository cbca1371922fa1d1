using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Strata.Ingestion.Users;

/// <summary>Wires the users' room.</summary>
internal static class UserServices
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<UserOptions, UserOptionsValidator>().BindConfiguration(UserOptions.SectionName);
        services.TryAddSingleton<UserIntake>();
        return services;
    }
}
