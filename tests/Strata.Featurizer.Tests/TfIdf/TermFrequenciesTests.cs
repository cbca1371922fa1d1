using System.Text.Json;
using Strata.Featurizer.TfIdf.Core;

namespace Strata.Featurizer.Tests.TfIdf;

[Trait("height", "unit")]
public sealed class TermFrequenciesTests
{
    private sealed record Expected(string[][] Documents, Dictionary<string, double> Idf, Dictionary<string, double>[] Vectors);

    // Made by sklearn.feature_extraction.text.TfidfVectorizer(smooth_idf=True, norm="l2") 1.2.1.
    private static readonly Expected Reference = JsonSerializer.Deserialize<Expected>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "expected", "scikit-learn.json")), JsonSerializerOptions.Web)!;

    /// <summary>
    /// What is counted here, with the formula that is applied at use: ln((1 + N) / (1 + df)) + 1, the vector scaled to unit length.
    /// </summary>
    [Fact]
    public void Of_WithTheVocabularysCounts_GivesScikitLearnsVectors()
    {
        var vocabulary = new Vocabulary(1000);
        foreach (var document in Reference.Documents)
        {
            vocabulary.Replace(null, document.Distinct());
        }

        var counts = vocabulary.TakeChanges().ToDictionary(change => change.Key, change => change.Value);
        double Idf(string term) => Math.Log((1.0 + counts[Vocabulary.ItemsField]) / (1.0 + counts[term])) + 1;
        for (var i = 0; i < Reference.Documents.Length; i++)
        {
            var weights = TermFrequencies.Of(Reference.Documents[i], 32).ToDictionary(
                term => term.Term, term => term.Weight * Idf(term.Term));

            var norm = Math.Sqrt(weights.Values.Sum(weight => weight * weight));
            Assert.Equal(Reference.Vectors[i].Count, weights.Count);
            Assert.All(Reference.Vectors[i], entry => Assert.Equal(entry.Value, weights[entry.Key] / norm, 1e-6));
        }

        Assert.All(Reference.Idf, entry => Assert.Equal(entry.Value, Idf(entry.Key), 1e-12));
    }

    [Fact]
    public void Of_MoreTermsThanKept_KeepsTheMostFrequentAndTheEarlierAmongEquals()
    {
        var terms = TermFrequencies.Of(["late", "twice", "early", "twice", "end"], 3);

        Assert.Equal(["twice", "late", "early"], terms.Select(term => term.Term));
        Assert.Equal(.4f, terms[0].Weight);
        Assert.Equal(.2f, terms[1].Weight);
    }
}
