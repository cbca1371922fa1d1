using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Files;

namespace Strata.ServiceDefaults.Access;

/// <summary>Takes an API key, sent as <c>authorization: Bearer KEY</c> or <c>x-api-key: KEY</c>.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    ApiKeyRing ring) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "ApiKey";

    private const string Bearer = "Bearer ";

    /// <summary>What a request brings as a key or token; null when nothing.</summary>
    public static string? Sent(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim()
            : request.Headers["x-api-key"] is [{ Length: > 0 } key] ? key
            : null;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Sent(Request) is not { } sent)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (ring.Find(sent) is not { } key)
        {
            return Task.FromResult(AuthenticateResult.Fail("no key that counts"));
        }

        var claims = key.Scopes.Select(scope => new Claim(Scopes.Claim, scope)).Append(new Claim(ClaimTypes.Name, key.Prefix));
        var identity = new ClaimsIdentity(
            key.UserId is { } userId ? claims.Append(new Claim(Scopes.UserClaim, userId)) : claims, SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }
}

/// <summary>The keys in force: those of the file, read again when it changes.</summary>
internal sealed class ApiKeyRing(IOptions<AccessOptions> options, TimeProvider time, ILogger<ApiKeyRing> logger)
{
    private readonly WatchedFile<IReadOnlyDictionary<string, ApiKey>>? _file = options.Value.KeysFile is { Length: > 0 } path
        ? new(path, file => ApiKeyFile.Read(file).ToDictionary(key => key.Prefix, StringComparer.Ordinal), time, logger)
        : null;

    /// <summary>The key of this text; null when there is none, or none any more.</summary>
    public ApiKey? Find(string text)
        => ApiKey.PrefixOf(text) is { } prefix && _file?.Current.GetValueOrDefault(prefix) is { } key && key.Opens(text, time.GetUtcNow())
            ? key
            : null;
}
