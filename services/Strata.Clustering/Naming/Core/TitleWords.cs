using System.Text;

namespace Strata.Clustering.Naming.Core;

/// <summary>
/// Cuts a title into lower-case words as people read them: letters and digits, with inner apostrophes, hyphens, dots and a trailing + or #
/// (c++, c#, node.js, t-shirt).
/// </summary>
internal static class TitleWords
{
    /// <summary>The words of a title, in order.</summary>
    public static IEnumerable<string> Of(string title)
    {
        var word = new StringBuilder();
        for (var i = 0; i < title.Length; i++)
        {
            var c = title[i];
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c) || (c is '+' or '#' && word.Length > 0) || IsInner(title, i))
            {
                word.Append(char.ToLowerInvariant(c is '’' ? '\'' : c));
                continue;
            }

            if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }

    private static bool IsInner(string title, int i)
        => title[i] is '\'' or '’' or '-' or '.'
            && i > 0 && i < title.Length - 1 && char.IsLetterOrDigit(title[i - 1]) && char.IsLetterOrDigit(title[i + 1]);
}
