using System.Collections.Concurrent;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Ar;
using Lucene.Net.Analysis.Cjk;
using Lucene.Net.Analysis.De;
using Lucene.Net.Analysis.Es;
using Lucene.Net.Analysis.Fr;
using Lucene.Net.Analysis.Hi;
using Lucene.Net.Analysis.It;
using Lucene.Net.Analysis.Nl;
using Lucene.Net.Analysis.Pt;
using Lucene.Net.Analysis.Ru;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Analysis.Th;
using Lucene.Net.Analysis.Util;
using Lucene.Net.Util;
using Strata.Contracts;

namespace Strata.Featurizer.Tokens.Core;

/// <summary>
/// Lucene's analyzer for a text. The script goes first, since a stemmer of another script would leave the text as it is: a language that is
/// told counts among those of the script. In Latin letters it is the language that is told, and the catalogue's where none is. A language
/// without an analyzer of its own gives the words as they are. Each analyzer is made when its first text comes, and is safe for several
/// threads.
/// </summary>
/// <param name="catalogue">Language of texts that do not tell, one of <see cref="Latin"/>.</param>
internal sealed class LanguageAnalyzers(string catalogue) : IDisposable
{
    private const LuceneVersion Version = LuceneVersion.LUCENE_48;
    private const string Pairs = "zh";
    private const string Plain = "";

    private readonly ConcurrentDictionary<string, Lazy<Analyzer>> _made = new(StringComparer.Ordinal);

    /// <summary>Languages in Latin letters with an analyzer of their own.</summary>
    public static IReadOnlyList<string> Latin { get; } = ["en", "de", "fr", "es", "it", "pt", "nl"];

    /// <summary>The analyzer for a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="language">Its language as a BCP 47 tag; empty or "und": nobody says.</param>
    public Analyzer For(string text, string language)
    {
        var name = NameFor(TextLanguage.OfScript(text), language.Split('-')[0]);
        return _made.GetOrAdd(name, static key => new Lazy<Analyzer>(() => Make(key))).Value;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var analyzer in _made.Values.Where(analyzer => analyzer.IsValueCreated))
        {
            analyzer.Value.Dispose();
        }
    }

    private string NameFor(string script, string language)
    {
        if (script is "zh" or "ja" or "ko")
        {
            return Pairs;
        }

        var untold = language is "" or TextLanguage.Unknown;
        if (script.Length > 0)
        {
            var stands = untold || Latin.Contains(language) || language == script;
            return stands && script is "ru" or "ar" or "hi" or "th" ? script : Plain;
        }

        return untold ? catalogue : Latin.Contains(language) ? language : Plain;
    }

    private static Analyzer Make(string name) => name switch
    {
        "en" => new EnglishTermsAnalyzer(),
        "de" => new GermanAnalyzer(Version),
        "fr" => new FrenchAnalyzer(Version),
        "es" => new SpanishAnalyzer(Version),
        "it" => new ItalianAnalyzer(Version),
        "pt" => new PortugueseAnalyzer(Version),
        "nl" => new DutchAnalyzer(Version),
        "ru" => new RussianAnalyzer(Version),
        "ar" => new ArabicAnalyzer(Version),
        "hi" => new HindiAnalyzer(Version),
        "th" => new ThaiAnalyzer(Version),
        Pairs => new CJKAnalyzer(Version),
        _ => new StandardAnalyzer(Version, CharArraySet.Empty),
    };
}
