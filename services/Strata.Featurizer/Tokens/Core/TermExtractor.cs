using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Cjk;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Util;
using Microsoft.Extensions.Options;

namespace Strata.Featurizer.Tokens.Core;

/// <summary>
/// Cuts a text into terms: English stems without stop words, or overlapping pairs of characters where the script is mostly Chinese,
/// Japanese or Korean. Safe for several threads: analyzers keep one chain a thread.
/// </summary>
public sealed class TermExtractor(IOptions<TokensOptions> options) : IDisposable
{
    private readonly EnglishTermsAnalyzer _english = new();
    private readonly CJKAnalyzer _cjk = new(LuceneVersion.LUCENE_48);
    private readonly int _longest = options.Value.MaxTermLength;

    /// <summary>The terms in the order of the text, repeated ones too.</summary>
    public IReadOnlyList<string> Extract(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Analyzer analyzer = Script.IsMostlyCjk(text) ? _cjk : _english;
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
    public void Dispose()
    {
        _english.Dispose();
        _cjk.Dispose();
    }
}
