using System.Globalization;
using System.Text;

namespace Strata.Edge.Requests;

/// <summary>What an id must be like, wherever a call takes one: what one service writes down the others can be asked for. Pure.</summary>
public static class IdRules
{
    /// <summary>An id that must be there.</summary>
    public static void RequireId(this Violations violations, string field, string id, int limit)
    {
        ArgumentNullException.ThrowIfNull(violations);
        if (string.IsNullOrWhiteSpace(id))
        {
            violations.Add(field, $"is required: set it to an id of 1 to {Number(limit)} characters");
        }
        else
        {
            violations.LimitId(field, id, limit);
        }
    }

    /// <summary>An id that may be absent.</summary>
    public static void LimitId(this Violations violations, string field, string id, int limit)
    {
        ArgumentNullException.ThrowIfNull(violations);
        ArgumentNullException.ThrowIfNull(id);
        if (IsLonger(id, limit))
        {
            violations.Add(field, $"is longer than {Number(limit)} characters: send a shorter id, for example a hash of this one");
        }
        else
        {
            violations.Require(
                IsClean(id), field, "has control characters or half a surrogate pair: send an id of printable characters");

            // Every client takes them for steps in a path: what is stored under them could not be asked for.
            violations.Require(id is not ("." or ".."), field, "is a dot or two, which no address can hold: send another id");
        }
    }

    /// <summary>True when <paramref name="text"/> has more than <paramref name="limit"/> characters (Unicode scalar values).</summary>
    public static bool IsLonger(string text, int limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > limit && text.EnumerateRunes().Count() > limit;
    }

    /// <summary>
    /// True for what is no character and never will be (Unicode 16, section 23.7: the last two of each plane, U+FDD0 to U+FDEF).
    /// </summary>
    public static bool IsNoCharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    /// <summary>The first code point that is no character; null when there is none.</summary>
    public static Rune? NoCharacter(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsNoCharacter(rune))
            {
                return rune;
            }
        }

        return null;
    }

    /// <summary>
    /// True when an id can be kept as it is: no control characters, no half surrogate pairs, nothing that is no character.
    /// </summary>
    public static bool IsClean(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return !id.Any(char.IsControl) && (Ascii.IsValid(id) || (IsWellFormed(id) && NoCharacter(id) is null));
    }

    private static bool IsWellFormed(string id)
    {
        for (var i = 0; i < id.Length; i++)
        {
            if (char.IsSurrogate(id[i]))
            {
                if (!char.IsHighSurrogate(id[i]) || i + 1 == id.Length || !char.IsLowSurrogate(id[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
