using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Endpoints;

namespace Strata.ServiceDefaults.Access;

/// <summary>
/// Where nobody needs a key, whoever opens a page of another site in a browser lends it their reach: the page could call in their name.
/// A browser says where a call comes from (<c>sec-fetch-site</c>, and <c>origin</c> before that), and a name that was made to point at this
/// machine shows in <c>host</c>. Callers that are no browsers send neither of the first two.
/// </summary>
internal sealed class ForeignPages(IOptions<AccessOptions> access, ListenAddress address)
{
    private const string Remedy =
        "Call from a page of this host, name the page's origin (Access:Origins), or have callers say who they are (Access:KeysFile).";

    /// <summary>Why this request is another site's, with the remedy; null: it is not, or callers say who they are.</summary>
    public string? Fault(HttpRequest request)
        => access.Value.IsRequired ? null
            : !IsOurs(request.Host.Host)
                ? $"This process answers to {string.Join(", ", ["localhost", "127.0.0.1", .. access.Value.Hosts])} and [::1] only, and the "
                    + $"call's host is another. {Remedy}"
            : IsOfAnotherSite(request) && !access.Value.Origins.Contains(request.Headers.Origin.ToString())
                ? $"The call comes from a page of another site, and no key is needed here. {Remedy}"
            : null;

    /// <summary>True for the call of a page of an origin that the settings name.</summary>
    public bool IsNamed(HttpRequest request)
        => IsOfAnotherSite(request) && access.Value.Origins.Contains(request.Headers.Origin.ToString());

    private bool IsOurs(string host)
        => ListenAddress.IsLoopbackHost(host)
            || (access.Value.Hosts.Count == 0 && !address.IsLoopback)
            || access.Value.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static bool IsOfAnotherSite(HttpRequest request) => request.Headers["sec-fetch-site"].ToString() switch
    {
        "same-origin" or "none" => false,
        "" => request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)),
        _ => true,
    };
}
