using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Strata.ServiceDefaults.Access;

namespace Strata.ServiceDefaults.Settings;

internal static class SettingsServices
{
    public static IServiceCollection AddSettings(this IServiceCollection services)
        => services.AddSingleton(new HostSettings.Registrations(services)).AddSingleton<HostSettings>();

    /// <summary><c>/settings</c>: what is in force, for whoever operates.</summary>
    public static void MapSettings(this WebApplication app)
        => app.MapGet("/settings", (HostSettings settings) => Results.Json(settings.InForce())).RequireAuthorization(Scopes.Operate);
}
