using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Strata.ServiceDefaults.Access;

/// <summary>A key as its file has it: whose it is and what it opens, but not the key.</summary>
/// <param name="Prefix">The key's visible beginning, "strata_" and eight hexadecimal digits: its name in lists.</param>
/// <param name="Hash">SHA-256 of the whole key, in hexadecimal digits. The key is 256 random bits: nothing slower is needed.</param>
/// <param name="Name">Who has it, for people.</param>
/// <param name="Scopes">What it opens, see <see cref="Access.Scopes"/>.</param>
/// <param name="Expires">From when on it opens nothing; null: it stays.</param>
/// <param name="UserId">The only user that calls with it may name; null: any.</param>
public sealed record ApiKey(
    string Prefix, string Hash, string Name, IReadOnlyList<string> Scopes, DateTimeOffset? Expires, string? UserId = null)
{
    private const string Begin = "strata_";
    private const int SecretBytes = 32;
    private const int PrefixBytes = 4;

    /// <summary>Makes a key; the text is said once and kept nowhere.</summary>
    public static (ApiKey Key, string Text) Create(
        string name, IReadOnlyList<string> scopes, DateTimeOffset? expires, string? userId = null)
    {
        var prefix = Begin + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PrefixBytes));
        var text = $"{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return (new ApiKey(prefix, HashOf(text), name, scopes, expires, userId), text);
    }

    /// <summary>The prefix of a key's text; null when it is none.</summary>
    public static string? PrefixOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var length = Begin.Length + (2 * PrefixBytes);
        return text.StartsWith(Begin, StringComparison.Ordinal) && text.Length > length && text[length] == '_' ? text[..length] : null;
    }

    /// <summary>True when the text is this key and the key still opens something.</summary>
    public bool Opens(string text, DateTimeOffset now)
        => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(text)), Encoding.ASCII.GetBytes(Hash))
            && !(Expires <= now);

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
