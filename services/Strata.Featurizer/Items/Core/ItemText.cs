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

    public static string ForEncoder(Item item, int longest) => Cut(ForTerms(item), 0, longest);

    /// <summary>
    /// The text in at most <paramref name="most"/> pieces: the first as <see cref="ForEncoder"/> gives it, each further one the title and
    /// what follows, from a fifth before the end of the piece before it.
    /// </summary>
    public static IReadOnlyList<string> Chunks(Item item, int longest, int most)
    {
        var text = ForTerms(item);
        var piece = Cut(text, 0, longest);
        var chunks = new List<string> { piece };
        var end = piece.Length;
        var title = item.Title.Trim();
        var room = Math.Max(longest / 2, longest - title.Length - 2);
        while (end < text.Length && chunks.Count < most)
        {
            var start = Cut(text, 0, end - (longest / 5)).Length;
            piece = Cut(text, start, room);
            end = start + piece.Length;
            chunks.Add($"{title}. {piece.Trim()}");
        }

        return chunks;
    }

    // A text without blanks (Chinese) is cut where it must be, but never between the halves of a character.
    private static string Cut(string text, int start, int longest)
    {
        if (text.Length - start <= longest)
        {
            return text[start..];
        }

        var last = start + longest;
        var end = text.LastIndexOf(' ', last, longest / 4);
        end = end > 0 ? end : last;
        return text[start..(char.IsLowSurrogate(text[end]) ? end - 1 : end)];
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
