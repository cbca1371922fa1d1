using Lucene.Net.Analysis.TokenAttributes;
using Microsoft.Extensions.Options;
using Strata.Contracts;

namespace Strata.Featurizer.Tokens.Core;

/// <summary>
/// Cuts a text into terms, by its script and language: stems without stop words, Thai by its dictionary, or overlapping pairs of characters
/// where the script is mostly Chinese, Japanese or Korean. Safe for several threads: analyzers keep one chain a thread.
/// </summary>
public sealed class TermExtractor(IOptions<TokensOptions> options) : IDisposable
{
    private readonly LanguageAnalyzers _analyzers = new(options.Value.Language);
    private readonly int _longest = options.Value.MaxTermLength;

    /// <summary>The terms in the order of the text, repeated ones too.</summary>
    /// <param name="text">The text.</param>
    /// <param name="language">Its language as a BCP 47 tag; empty: it is told by the text.</param>
    public IReadOnlyList<string> Extract(string text, string language = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(language);
        var analyzer = _analyzers.For(text, language.Length > 0 ? language : TextLanguage.Of(text));
        var terms = new List<string>();
        using var stream = analyzer.GetTokenStream("text", text);
        var term = stream.AddAttribute<ICharTermAttribute>();
        stream.Reset();
        while (stream.IncrementToken())
        {
            if (term.Length <= _longest)
            {
                terms.Add(term.ToString()!);
            }
        }

        stream.End();
        return terms;
    }

    /// <inheritdoc />
    public void Dispose() => _analyzers.Dispose();
}
