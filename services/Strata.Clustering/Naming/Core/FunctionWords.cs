using Lucene.Net.Analysis.Da;
using Lucene.Net.Analysis.De;
using Lucene.Net.Analysis.Es;
using Lucene.Net.Analysis.Fi;
using Lucene.Net.Analysis.Fr;
using Lucene.Net.Analysis.It;
using Lucene.Net.Analysis.Nl;
using Lucene.Net.Analysis.No;
using Lucene.Net.Analysis.Pt;
using Lucene.Net.Analysis.Ru;
using Lucene.Net.Analysis.Sv;
using Lucene.Net.Analysis.Util;

namespace Strata.Clustering.Naming.Core;

/// <summary>
/// Words that say how something is asked or told and not what it is about. Analyzers keep most of them, because searches may need them; as
/// names of layers they mean nothing.
/// </summary>
internal static class FunctionWords
{
    private static readonly HashSet<string> All = new(
        """
        a about above after again against all also am an and another any are aren't as at be because been before being below best between
        both but by can can't cannot could couldn't did didn't do does doesn't doing don't done down during each either else etc ever
        every few for from further get gets getting give given go goes going good got had hadn't has hasn't have haven't having he help
        her here hers him his how how's however i i'd i'll i'm i've if in into is isn't it it's its itself just keep know less let like
        make makes making many may maybe me might more most much must my myself need needed needs neither never new no non nor not now of
        off on once one only onto or other ought our ours out over own per please possible possibly rather really same see seem seems set
        shall she should shouldn't since so some something sometimes still such take than that that's the their theirs them themselves
        then there there's these they they're this those though through to too toward towards try trying two under until up upon us use
        used useful uses using various versus very via vs want wants was wasn't way ways we well were weren't what what's whats when
        when's where where's whether which while who whom whose why will with within without won't work working works would wouldn't yet
        you you're your yours yourself
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    // "hat" and "pour" are words of one language and function words of another.
    private const int Telling = 3;

    private static readonly CharArraySet[] OtherLanguages =
    [
        FrenchAnalyzer.DefaultStopSet,
        GermanAnalyzer.DefaultStopSet,
        SpanishAnalyzer.DefaultStopSet,
        ItalianAnalyzer.DefaultStopSet,
        PortugueseAnalyzer.DefaultStopSet,
        DutchAnalyzer.DefaultStopSet,
        SwedishAnalyzer.DefaultStopSet,
        DanishAnalyzer.DefaultStopSet,
        NorwegianAnalyzer.DefaultStopSet,
        FinnishAnalyzer.DefaultStopSet,
        RussianAnalyzer.DefaultStopSet,
    ];

    /// <summary>True when a lower-case English word says nothing about a topic.</summary>
    public static bool Contain(string word) => All.Contains(word);

    /// <summary>
    /// The function words of the languages that a text seems to be written in, English apart: those of which it has at least three.
    /// </summary>
    public static IReadOnlyList<ICollection<string>> Of(IReadOnlyList<(string Term, float Frequency)> terms)
        => [.. OtherLanguages.Where(words => terms.Count(term => words.Contains(term.Term) && !All.Contains(term.Term)) >= Telling)];
}
