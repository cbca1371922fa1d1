using System.Text.Json;
using System.Text.RegularExpressions;
using Strata.Featurizer.TfIdf.Core;

namespace Strata.Featurizer.Tests.TfIdf;

[Trait("height", "unit")]
public sealed class TermFrequenciesTests
{
    private sealed record Expected(Dictionary<string, double> Idf, Dictionary<string, double>[] Vectors);

    /// <summary>
    /// What is counted here, with the formula that is applied at use: ln((1 + N) / (1 + df)) + 1, the vector scaled to unit length.
    /// </summary>
    [Fact]
    public void Of_500TitlesWithTheVocabularysCounts_GivesScikitLearnsVectors()
    {
        var expected = JsonSerializer.Deserialize<Expected>(File.ReadAllText(PathOf("scikit-learn.json")), JsonSerializerOptions.Web)!;
        string[][] documents =
        [
            .. File.ReadLines(PathOf("titles.txt"))
                .Select(title => Regex.Matches(title.ToLowerInvariant(), "[a-z0-9]+").Select(word => word.Value).ToArray()),
        ];
        var vocabulary = new Vocabulary(10_000);
        foreach (var document in documents)
        {
            vocabulary.Replace(null, TermFrequencies.Of(document, 32).Select(term => term.Term));
        }

        var counts = vocabulary.TakeChanges().ToDictionary(change => change.Key, change => change.Value);
        double Idf(string term) => Math.Log((1.0 + counts[Vocabulary.ItemsField]) / (1.0 + counts[term])) + 1;
        Assert.Equal(500, documents.Length);
        Assert.Equal(expected.Idf.Count, vocabulary.Terms);
        Assert.All(expected.Idf, entry => Assert.Equal(entry.Value, Idf(entry.Key), 1e-6));
        for (var i = 0; i < documents.Length; i++)
        {
            var weights = TermFrequencies.Of(documents[i], 32).ToDictionary(term => term.Term, term => term.Weight * Idf(term.Term));

            var norm = Math.Sqrt(weights.Values.Sum(weight => weight * weight));
            Assert.Equal(expected.Vectors[i].Count, weights.Count);
            Assert.All(expected.Vectors[i], entry => Assert.Equal(entry.Value, weights[entry.Key] / norm, 1e-6));
        }
    }

    [Fact]
    public void Of_MoreTermsThanKept_KeepsTheMostFrequentAndTheEarlierAmongEquals()
    {
        var terms = TermFrequencies.Of(["late", "twice", "early", "twice", "end"], 3);

        Assert.Equal(["twice", "late", "early"], terms.Select(term => term.Term));
        Assert.Equal(.4f, terms[0].Weight);
        Assert.Equal(.2f, terms[1].Weight);
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "expected", file);
}
