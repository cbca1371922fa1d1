using System.Text;

namespace Strata.Edge.Calls.Core;

/// <summary>Parts of an address as they were sent, before any server decoded or resolved them. Pure.</summary>
internal static class AddressText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The segments of a request's target, still encoded: without scheme, host and query, and with "." and ".." resolved (RFC 3986,
    /// section 5.2.4).
    /// </summary>
    public static IReadOnlyList<string> Segments(string target)
    {
        var start = target.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme && !target.StartsWith('/')
            ? target.IndexOf('/', scheme + 3)
            : 0;
        var path = start < 0 ? "" : target[start..].Split('?', 2)[0];
        var segments = new List<string>();
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (segment.Replace("%2E", ".", StringComparison.OrdinalIgnoreCase))
            {
                case ".":
                    break;
                case "..":
                    segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
                    break;
                default:
                    segments.Add(segment);
                    break;
            }
        }

        return segments;
    }

    /// <summary>The fields of a request target's query, each decoded once, where a plus is a blank; or what is wrong with one.</summary>
    public static IEnumerable<(string Name, string? Text, string? Fault)> Query(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var start ? target[(start + 1)..] : "";
        foreach (var field in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = field.Replace('+', ' ').Split('=', 2);
            var (name, fault) = Decode(parts[0]);
            if (fault is not null || name!.Length == 0)
            {
                yield return ("query", null, fault ?? "has a value without a name: write name=value");
            }
            else
            {
                var (text, reason) = Decode(parts.Length == 1 ? "" : parts[1]);
                yield return (name, text, reason);
            }
        }
    }

    /// <summary>A segment decoded once, or what is wrong with it.</summary>
    public static (string? Text, string? Fault) Decode(string segment)
    {
        var bytes = new List<byte>(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%')
            {
                bytes.AddRange(Strict.GetBytes(segment, i, 1));
            }
            else if (i + 2 < segment.Length && char.IsAsciiHexDigit(segment[i + 1]) && char.IsAsciiHexDigit(segment[i + 2]))
            {
                bytes.Add(Convert.FromHexString(segment.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                return (null, $"{FieldText.Quote(segment)} has a % without two hex digits behind it: write a % itself as %25");
            }
        }

        try
        {
            return (Strict.GetString([.. bytes]), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, $"{FieldText.Quote(segment)} is not UTF-8: percent-encode the bytes of its UTF-8 form");
        }
    }
}
