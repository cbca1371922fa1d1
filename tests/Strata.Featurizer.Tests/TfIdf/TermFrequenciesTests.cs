using System.Text.Json;
using Strata.Featurizer.TfIdf;

namespace Strata.Featurizer.Tests.TfIdf;

public sealed class DocumentFrequenciesTests
{
    private sealed record Expected(string[][] Documents, Dictionary<string, double> Idf, Dictionary<string, double>[] Vectors);

    // Made by sklearn.feature_extraction.text.TfidfVectorizer(smooth_idf=True, norm="l2") 1.2.1.
    private static readonly Expected Reference = JsonSerializer.Deserialize<Expected>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "expected", "scikit-learn.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public void Weigh_TheReferenceDocuments_EqualsScikitLearn()
    {
        var frequencies = FrequenciesOf(Reference.Documents);

        for (var i = 0; i < Reference.Documents.Length; i++)
        {
            var vector = frequencies.Weigh(TermFrequencies.Of(Reference.Documents[i], 32)).ToDictionary(entry => entry.Key, entry => entry.Value);

            Assert.Equal(Reference.Vectors[i].Count, vector.Count);
            Assert.All(Reference.Vectors[i], entry => Assert.Equal(entry.Value, vector[entry.Key], 1e-6));
        }

        Assert.All(Reference.Idf, entry => Assert.Equal(entry.Value, frequencies.Idf(entry.Key), 1e-12));
    }

    [Fact]
    public void Weigh_NoTerms_IsEmpty() => Assert.Empty(FrequenciesOf(Reference.Documents).Weigh([]));

    [Fact]
    public void Of_MoreTermsThanKept_KeepsTheMostFrequentAndTheEarlierAmongEquals()
    {
        var terms = TermFrequencies.Of(["late", "twice", "early", "twice", "end"], 3);

        Assert.Equal(["twice", "late", "early"], terms.Select(term => term.Term));
        Assert.Equal(.4f, terms[0].Weight);
        Assert.Equal(.2f, terms[1].Weight);
    }

    private static DocumentFrequencies FrequenciesOf(string[][] documents)
    {
        var vocabulary = new Vocabulary(1000);
        foreach (var document in documents)
        {
            vocabulary.Replace(null, document.Distinct());
        }

        var changes = vocabulary.TakeChanges().ToDictionary(change => change.Key, change => change.Value);
        changes.Remove(Vocabulary.ItemsField, out var items);
        return new DocumentFrequencies(items, changes);
    }
}
