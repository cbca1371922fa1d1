using BenchmarkDotNet.Attributes;
using Lucene.Net.Analysis.En;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Util;
using Microsoft.Extensions.Options;
using Microsoft.ML.Tokenizers;
using Strata.Featurizer.Embeddings;
using Strata.Featurizer.Embeddings.Core;
using Strata.Featurizer.Tokens.Core;

namespace Strata.Benchmarks.InnerLoops;

/// <summary>A description of some sixty words, cut into terms and into word pieces, beside what the libraries have.</summary>
public class TextBenchmarks : IDisposable
{
    private const int Most = 128;

    private const string Text =
        "A light two-person tent for three seasons: it packs to 42 × 14 cm, weighs 1.9 kg and stands in four minutes. The flysheet of "
        + "ripstop nylon is coated on both sides (3,000 mm) and reaches to the ground; two vestibules keep boots, packs and a café-sized "
        + "stove dry. Seams are taped, pegs and guy lines reflect headlamps. Poles of aluminium, colour-coded. Not for winter storms.";

    private readonly TermExtractor _terms = new(Options.Create(new TokensOptions()));
    private readonly EnglishAnalyzer _lucene = new(LuceneVersion.LUCENE_48);
    private readonly BertTokens _pieces;
    private readonly BertTokenizer _library;

    public TextBenchmarks()
    {
        var vocabulary = Path.Combine(AppContext.BaseDirectory, "models", "e5-small-v2-q", "vocab.txt");
        _pieces = new BertTokens(vocabulary);
        _library = BertTokenizer.Create(vocabulary);
    }

    /// <summary>With Porter's stems, which are no words.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("terms")]
    public int TermsOfLucene()
    {
        using var stream = _lucene.GetTokenStream("text", Text);
        var term = stream.AddAttribute<ICharTermAttribute>();
        stream.Reset();
        var length = 0;
        while (stream.IncrementToken())
        {
            length += term.ToString()!.Length;
        }

        stream.End();
        return length;
    }

    [Benchmark, BenchmarkCategory("terms")]
    public IReadOnlyList<string> Terms() => _terms.Extract(Text);

    /// <summary>Which loses symbols and joins words across line ends.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("word pieces")]
    public IReadOnlyList<int> PiecesOfTheLibrary() => _library.EncodeToIds(Text);

    [Benchmark, BenchmarkCategory("word pieces")]
    public long[] Pieces() => _pieces.Encode(Text, Most);

    /// <summary>The part of it before the pieces.</summary>
    [Benchmark, BenchmarkCategory("word pieces")]
    public object Words() => BertWords.Split(Text);

    [GlobalCleanup]
    public void Dispose()
    {
        _terms.Dispose();
        _lucene.Dispose();
    }
}
