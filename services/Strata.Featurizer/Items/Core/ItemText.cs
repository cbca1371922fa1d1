using System.Text;
using Strata.Contracts.Catalog.V1;

namespace Strata.Featurizer.Items.Core;

/// <summary>
/// The texts that an item is known by: <c>title. tag, tag. description</c>, parts that are absent left out with their full stop. For the
/// terms all of it; for the encoder its beginning, cut between words, since the encoder reads 128 tokens (about 500 characters) only.
/// </summary>
internal static class ItemText
{
    public static string ForTerms(Item item)
    {
        var text = new StringBuilder(item.Title.Trim());
        Append(text, string.Join(", ", item.Tags));
        Append(text, item.Description.Trim());
        return text.ToString();
    }

    public static string ForEncoder(Item item, int longest)
    {
        var text = ForTerms(item);
        if (text.Length <= longest)
        {
            return text;
        }

        // A text without blanks (Chinese) is cut where it must be, but never between the halves of a character.
        var end = text.LastIndexOf(' ', longest, longest / 4);
        end = end > 0 ? end : longest;
        return text[..(char.IsLowSurrogate(text[end]) ? end - 1 : end)];
    }

    private static void Append(StringBuilder text, string part)
    {
        if (part.Length == 0)
        {
            return;
        }

        if (text.Length > 0)
        {
            text.Append(text[^1] is '.' or '!' or '?' ? " " : ". ");
        }

        text.Append(part);
    }
}
