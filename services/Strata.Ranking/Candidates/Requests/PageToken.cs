using System.Buffers.Text;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Strata.Ranking.Candidates.Requests;

/// <summary>
/// What the pages before had, so that the next goes on without repeats: XXH64 of the items' ids, in base64url. Of a million items another
/// one is taken for one of 500 once in 4·10¹⁰ pages.
/// </summary>
public static class PageToken
{
    /// <summary>Items of all pages together: a token has some 5 KB then.</summary>
    public const int MostItems = 500;

    private const byte Version = 1;

    /// <summary>What a token says; false when it is none of ours.</summary>
    public static bool TryParse(string token, out IReadOnlySet<ulong> items)
    {
        ArgumentNullException.ThrowIfNull(token);
        items = new HashSet<ulong>();
        var bytes = new byte[1 + (MostItems * sizeof(ulong))];
        if (!Base64Url.IsValid(token)
            || !Base64Url.TryDecodeFromChars(token, bytes, out var length)
            || length % sizeof(ulong) != 1
            || bytes[0] != Version)
        {
            return false;
        }

        items = MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan(1, length - 1)).ToArray().ToHashSet();
        return true;
    }

    /// <summary>The token after one more page; empty when nothing is on it, or the pages have too many items.</summary>
    public static string After(IReadOnlySet<ulong>? before, IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ulong[] page = [.. ids.Select(HashOf)];
        ulong[] all = [.. before ?? new HashSet<ulong>(), .. page];
        return page.Length == 0 || all.Length > MostItems
            ? ""
            : Base64Url.EncodeToString([Version, .. MemoryMarshal.AsBytes<ulong>(all)]);
    }

    internal static ulong HashOf(string id) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(id));
}
