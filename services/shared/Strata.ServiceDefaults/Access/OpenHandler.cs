using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Access;

/// <summary>
/// Takes everybody for everything, where no keys are set: on loopback, or where the settings say so. But for pages of other sites: those
/// of named origins may read and send events, and others nothing.
/// </summary>
internal sealed class OpenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    ForeignPages foreign) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Open";

    private static readonly AuthenticationTicket Everybody = Ticket(Scopes.All);
    private static readonly AuthenticationTicket NamedPage = Ticket([Scopes.Read, Scopes.Events]);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        foreign.Fault(Request) is { } fault ? AuthenticateResult.Fail(fault)
            : AuthenticateResult.Success(foreign.IsNamed(Request) ? NamedPage : Everybody));

    private static AuthenticationTicket Ticket(IEnumerable<string> scopes)
        => new(new ClaimsPrincipal(new ClaimsIdentity(scopes.Select(scope => new Claim(Scopes.Claim, scope)), SchemeName)), SchemeName);
}
