namespace Strata.ServiceDefaults.Access;

/// <summary>
/// Who may call. Without keys and without an issuer of tokens a process on loopback takes everybody; beyond loopback it does not start,
/// unless <see cref="Anonymous"/> says so.
/// </summary>
public sealed class AccessOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Access";

    /// <summary>File of API keys, as <c>strata keys</c> writes it; read again when it changes. Empty: no keys.</summary>
    /// <value>The default is empty.</value>
    public string KeysFile { get; set; } = string.Empty;

    /// <summary>Everybody may call everything, from anywhere: for a network that nobody else reaches.</summary>
    /// <value>The default is false.</value>
    public bool Anonymous { get; set; }

    /// <summary>
    /// Names by which this process may be called where nobody needs a key, beside localhost, 127.0.0.1 and [::1]: a name that was made to
    /// point here is none of them. Empty: any, unless it listens on loopback only. For ports that are published on one machine.
    /// </summary>
    /// <value>The default is empty.</value>
    public IList<string> Hosts { get; init; } = [];

    /// <summary>
    /// Origins whose pages may call from a browser and read the answers, each as "https://shop.example.org"; where no key is needed, what
    /// the scopes read and events open. Empty: only pages of this host.
    /// </summary>
    /// <value>The default is empty.</value>
    public IList<string> Origins { get; init; } = [];

    /// <summary>JWKS file with the public keys of who issues tokens; read again when it changes. Empty: no tokens.</summary>
    /// <value>The default is empty.</value>
    public string JwksFile { get; set; } = string.Empty;

    /// <summary>The <c>iss</c> that a token must have.</summary>
    /// <value>The default is empty; required with <see cref="JwksFile"/>.</value>
    public string Issuer { get; set; } = string.Empty;

    /// <summary>The <c>aud</c> that a token must have.</summary>
    /// <value>The default is empty; required with <see cref="JwksFile"/>.</value>
    public string Audience { get; set; } = string.Empty;

    /// <summary>
    /// Claim of a token that binds its caller to one user: calls that name another end with PERMISSION_DENIED. Empty: tokens bind nobody.
    /// </summary>
    /// <value>The default is empty.</value>
    public string TokenUserClaim { get; set; } = string.Empty;

    /// <summary>Callers have to say who they are.</summary>
    internal bool IsRequired => KeysFile.Length > 0 || JwksFile.Length > 0;
}
