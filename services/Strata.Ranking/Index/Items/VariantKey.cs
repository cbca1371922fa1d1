using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Strata.Contracts.Features.V1;

namespace Strata.Ranking.Index.Items;

/// <summary>
/// Which items are one thing in several sizes or colours: those of one group, where the catalogue says so; else those whose titles name a
/// size and are the same without sizes and colours. A colour alone does not do: a red and a green cup are bought together, a shoe in 42 and
/// in 43 is not.
/// </summary>
internal static partial class VariantKey
{
    private static readonly FrozenSet<string> Colours = FrozenSet.Create(
        StringComparer.Ordinal,
        "black", "white", "red", "blue", "green", "yellow", "orange", "purple", "violet", "pink", "brown", "grey", "gray", "beige", "navy",
        "teal", "turquoise", "gold", "golden", "silver", "ivory", "cream", "khaki", "maroon", "burgundy", "olive", "lilac", "lavender",
        "coral", "mint", "charcoal", "tan", "bronze", "copper", "rose");

    private static readonly FrozenSet<string> Sizes = FrozenSet.Create(
        StringComparer.Ordinal, "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "2xl", "3xl", "small", "medium", "large");

    /// <summary>The key that an item shares with its variants; null: it has none that are known.</summary>
    public static string? Of(ItemFeatures features)
    {
        if (features.Group.Length > 0)
        {
            return "group " + features.Group;
        }

        var (rest, sized) = (new List<string>(), false);
        foreach (var match in Word().EnumerateMatches(features.Title))
        {
            var word = features.Title.Substring(match.Index, match.Length).Trim('.', ',', '-', '/', '\'', '’').ToLowerInvariant();
            if (Sizes.Contains(word) || Measure().IsMatch(word))
            {
                sized = true;
            }
            else if (word.Length > 0 && !Colours.Contains(word))
            {
                rest.Add(word);
            }
        }

        return sized && rest.Count > 0 ? "title " + string.Join(' ', rest) : null;
    }

    [GeneratedRegex(@"[\w'’.,/×""-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    // A number of two digits at least, one with a fraction or one with a unit; a single digit counts something else.
    [GeneratedRegex(
        @"^(\d{2,}|\d+([.,/x×-]\d+)+|\d+([.,/x×-]\d+)*(mm|cm|m|in|inch|oz|ml|cl|l|g|kg|gb|tb|w|v|mah|""))$", RegexOptions.CultureInvariant)]
    private static partial Regex Measure();
}
