using System.Text.Json;
using Strata.Clustering.Layers;

namespace Strata.Clustering.Naming.Core;

/// <summary>
/// Decides whether a chat model's answer may be shown. A title must be short plain text and use the topic's own words, so that what a
/// stranger wrote into one item's title cannot become a layer's; a suggestion may only name a layer that the question named.
/// </summary>
public static class TitleAnswer
{
    private const int LongestTitle = 60;
    private const int LongestText = 200;
    private const int Beginning = 4;

    /// <summary>The title in an answer; null, with the reason, when there is none that may be shown.</summary>
    public static LayerTitle? Read(string text, TitleQuestion question, out string reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(question);
        reason = "";
        if (Parse(text) is not { ValueKind: JsonValueKind.Object } answer)
        {
            reason = "it is no JSON object";
            return null;
        }

        var (title, description) = (Text(answer, "title"), Text(answer, "description"));
        if (!IsPlain(title, LongestTitle) || title.Length == 0)
        {
            reason = $"the title is no plain text of 1 to {LongestTitle} characters";
        }
        else if (!question.Words.Any(word => Uses(title, word)))
        {
            reason = "the title uses none of the layer's words";
        }
        else if (!IsPlain(description, LongestText))
        {
            reason = $"the description is no plain text of at most {LongestText} characters";
        }

        return reason.Length > 0 ? null : new LayerTitle(question.ContentHash, title, description, SuggestionOf(answer, question));
    }

    // Models like to put JSON between fences or words.
    private static JsonElement? Parse(string text)
    {
        var (from, to) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        if (from < 0 || to < from)
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text[from..(to + 1)]);
        }
        catch (JsonException)
        {
            // Not JSON: that is the answer to the question whether it is.
            return null;
        }
    }

    private static LayerSuggestion? SuggestionOf(JsonElement answer, TitleQuestion question)
    {
        var why = Text(answer, "why");
        why = IsPlain(why, LongestText) ? why : "";
        var into = answer.TryGetProperty("merge_into", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetUInt32(out var layer)
            ? layer
            : 0;
        if (question.Neighbours.Any(neighbour => neighbour.LayerId == into))
        {
            return new LayerSuggestion(into, why);
        }

        return into == 0 && answer.TryGetProperty("split", out var split) && split.ValueKind == JsonValueKind.True
            ? new LayerSuggestion(0, why)
            : null;
    }

    private static string Text(JsonElement answer, string name)
        => answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : "";

    private static bool IsPlain(string text, int longest)
        => text.Length <= longest
            && !text.Contains("://", StringComparison.Ordinal) && !text.Contains("www.", StringComparison.OrdinalIgnoreCase)
            && text.All(c => !char.IsControl(c) && c is not ('<' or '>' or '{' or '}' or '[' or ']' or '`' or '|' or '@' or '\\'));

    // The word itself, or one that begins alike (bee: bees; keeping: keeper); words of Chinese, Japanese and Korean stand within others.
    private static bool Uses(string title, string word)
        => (word.Length > 0 && word[0] >= '⺀' && title.Contains(word, StringComparison.Ordinal))
            || title.Split((char[])[' ', '-', ',', '.', ':', '&', '/', '(', ')', '\''], StringSplitOptions.RemoveEmptyEntries)
                .Any(part => part.AsSpan().CommonPrefixLength(word, IgnoreCase.Comparer)
                    >= Math.Clamp(Math.Min(word.Length, part.Length) - 1, 2, Beginning));

    private sealed class IgnoreCase : IEqualityComparer<char>
    {
        public static IgnoreCase Comparer { get; } = new();

        public bool Equals(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);

        public int GetHashCode(char obj) => char.ToLowerInvariant(obj).GetHashCode();
    }
}
