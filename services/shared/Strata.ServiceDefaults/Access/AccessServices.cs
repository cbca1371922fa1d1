using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Access;

/// <summary>Wires who may call what: keys, tokens, and a policy for each scope.</summary>
internal static class AccessServices
{
    /// <summary>Sends a request on to the scheme that fits what it brings.</summary>
    private const string Any = "Any";

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AccessOptions, AccessRules>().BindConfiguration(AccessOptions.SectionName);
        services.AddSingleton<ApiKeyRing>();
        services.AddSingleton<ForeignPages>();
        services.AddCors();
        services.AddSingleton<IStartupFilter, NamedOrigins>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenRules>();
        // What AddAuthentication would add beside writes keys of its own to the disk, for cookies.
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = Any);
        services.AddWebEncoders();
        services.AddSingleton<IAuthenticationConfigurationProvider, NoSchemeSettings>();
        new AuthenticationBuilder(services)
            .AddPolicyScheme(Any, null, scheme => scheme.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, OpenHandler>(OpenHandler.SchemeName, null)
            .AddJwtBearer();
        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireClaim(Scopes.Claim, scope));
        }

        services.AddSingleton<IAuthorizationMiddlewareResultHandler, Refusals>();
        services.AddHostedService<AccessNotice>();
        return services;
    }

    /// <summary>Schemes are set up by <see cref="AccessOptions"/> alone.</summary>
    private sealed class NoSchemeSettings : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
    }

    private static string SchemeOf(HttpContext context)
    {
        var access = context.RequestServices.GetRequiredService<IOptions<AccessOptions>>().Value;
        return !access.IsRequired ? OpenHandler.SchemeName
            : access.JwksFile.Length > 0 && ApiKeyHandler.Sent(context.Request) is { } sent && ApiKey.PrefixOf(sent) is null
                ? JwtBearerDefaults.AuthenticationScheme
            : ApiKeyHandler.SchemeName;
    }
}
