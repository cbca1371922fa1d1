using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Access;

/// <summary>
/// Lets pages of the origins in the settings read answers (CORS). In front of everything else: a browser asks first, without a key, whether
/// it may send one.
/// </summary>
internal sealed class NamedOrigins(IOptions<AccessOptions> access) : IStartupFilter
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(10);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (access.Value.Origins.Count > 0)
        {
            app.UseCors(policy => policy
                .WithOrigins([.. access.Value.Origins])
                .WithMethods("GET", "POST", "DELETE")
                .AllowAnyHeader()
                .SetPreflightMaxAge(AskAgainAfter));
        }

        next(app);
    };
}
