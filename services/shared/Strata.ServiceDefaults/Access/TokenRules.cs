using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Strata.ServiceDefaults.Files;

namespace Strata.ServiceDefaults.Access;

/// <summary>Which tokens (JWT) count: signed by a key of the JWKS file, for this audience, by this issuer, and not run out.</summary>
internal sealed class TokenRules(IOptions<AccessOptions> access, TimeProvider time, ILogger<TokenRules> logger)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>A secret that both sides know is no public key.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        var settings = access.Value;
        if (name != JwtBearerDefaults.AuthenticationScheme || settings.JwksFile.Length == 0)
        {
            return;
        }

        var keys = new WatchedFile<IList<SecurityKey>>(
            settings.JwksFile,
            path => new JsonWebKeySet(File.ReadAllText(path)).GetSigningKeys() is { Count: > 0 } read
                ? read
                : throw new InvalidDataException($"{path} has no key that signs."),
            time,
            logger);
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = settings.Issuer,
            ValidAudience = settings.Audience,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeyResolver = (_, _, _, _) => keys.Current,
            ClockSkew = Skew,
        };
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                var token = context.Principal!;
                var scopes = token.FindAll("scope").Concat(token.FindAll("scp")).SelectMany(claim => claim.Value.Split(' '));
                var identity = new ClaimsIdentity(
                    scopes.Select(scope => new Claim(Scopes.Claim, scope)), JwtBearerDefaults.AuthenticationScheme);
                if (settings.TokenUserClaim.Length > 0)
                {
                    // Bound to nobody without the claim: an id that no request has.
                    var userId = token.FindFirst(settings.TokenUserClaim)?.Value ?? string.Empty;
                    identity.AddClaim(new Claim(Scopes.UserClaim, userId));
                }

                // Nothing of the token's own: a claim of it could have the type of one of ours.
                context.Principal = new ClaimsPrincipal(identity);
                return Task.CompletedTask;
            },
        };
    }
}
