using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Strata.Contracts.Features.V1;

namespace Strata.Ranking.Index.Items;

/// <summary>
/// Which items are one thing in several sizes or colours: those of one group, where the catalogue says so; else those whose titles end with
/// a size, alone or beside colours, and are the same before it. A colour alone does not do: a red and a green cup are bought together, a
/// shoe in 42 and in 43 is not. Nor does a size in front ("set of 16"), nor the words small, medium and large: boxes of all three go into
/// one basket, and on Online Retail 2 % of NDCG@20 were lost by them.
/// </summary>
internal static partial class VariantKey
{
    private static readonly FrozenSet<string> Colours = FrozenSet.Create(
        StringComparer.Ordinal,
        "black", "white", "red", "blue", "green", "yellow", "orange", "purple", "violet", "pink", "brown", "grey", "gray", "beige", "navy",
        "teal", "turquoise", "gold", "golden", "silver", "ivory", "cream", "khaki", "maroon", "burgundy", "olive", "lilac", "lavender",
        "coral", "mint", "charcoal", "tan", "bronze", "copper", "rose");

    private static readonly FrozenSet<string> Sizes = FrozenSet.Create(
        StringComparer.Ordinal, "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "2xl", "3xl");

    /// <summary>The key that an item shares with its variants; null: it has none that are known.</summary>
    public static string? Of(ItemFeatures features)
    {
        if (features.Group.Length > 0)
        {
            return "group " + features.Group;
        }

        var words = Word().Matches(features.Title).Select(match => match.Value.Trim('.', ',', '-', '/', '\'', '’').ToLowerInvariant())
            .Where(word => word.Length > 0).ToList();
        var sized = false;
        while (words.Count > 0 && (IsSize(words[^1]) || Colours.Contains(words[^1])))
        {
            sized |= IsSize(words[^1]);
            words.RemoveAt(words.Count - 1);
        }

        return sized && words.Count > 0 ? "title " + string.Join(' ', words) : null;
    }

    private static bool IsSize(string word) => Sizes.Contains(word) || Measure().IsMatch(word);

    [GeneratedRegex(@"[\w'’.,/×""-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    // A number of two digits at least, one with a fraction or one with a unit; a single digit counts something else.
    [GeneratedRegex(
        @"^(\d{2,}|\d+([.,/x×-]\d+)+|\d+([.,/x×-]\d+)*(mm|cm|m|in|inch|oz|ml|cl|l|g|kg|gb|tb|w|v|mah|""))$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Measure();
}
