using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Analysis.En;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Util;

namespace Strata.Featurizer.Tokens.Core;

/// <summary>
/// Lucene's EnglishAnalyzer with other stemmers than Porter's, because the terms are shown to people as the names of layers: KStem gives
/// words ("batteries" → "battery", not "batteri"), and the plain plural rule behind it takes the plurals that KStem's dictionary holds for
/// words of their own (boots, lights, bags).
/// </summary>
internal sealed class EnglishTermsAnalyzer : Analyzer
{
    protected override TokenStreamComponents CreateComponents(string fieldName, TextReader reader)
    {
        var source = new StandardTokenizer(LuceneVersion.LUCENE_48, reader);
        TokenStream stream = new EnglishPossessiveFilter(LuceneVersion.LUCENE_48, source);
        stream = new LowerCaseFilter(LuceneVersion.LUCENE_48, stream);
        stream = new StopFilter(LuceneVersion.LUCENE_48, stream, EnglishAnalyzer.DefaultStopSet);
        return new TokenStreamComponents(source, new EnglishMinimalStemFilter(new KStemFilter(stream)));
    }
}
