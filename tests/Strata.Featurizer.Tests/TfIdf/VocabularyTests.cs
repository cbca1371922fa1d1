using CsCheck;
using Strata.Featurizer.TfIdf.Core;

namespace Strata.Featurizer.Tests.TfIdf;

[Trait("height", "unit")]
public sealed class VocabularyTests
{
    [Fact]
    public void Replace_AnUpdate_SubtractsTheOldTermsAndAddsTheNew()
    {
        var vocabulary = new Vocabulary(10);
        vocabulary.Replace(null, ["a", "b"]);
        vocabulary.Replace(null, ["b"]);
        var first = vocabulary.TakeChanges();

        vocabulary.Replace(["a", "b"], ["b", "c"]);

        Assert.Contains(new(Vocabulary.ItemsField, 2), first);
        Assert.Equal([new("c", 1), new("a", -1)], vocabulary.TakeChanges());
    }

    [Fact]
    public void Replace_FullVocabulary_NeverCountsWhatItTurnedAway()
    {
        var vocabulary = new Vocabulary(2);
        vocabulary.Replace(null, ["a", "b", "c"]);

        vocabulary.Replace(["a", "b", "c"], null);

        Assert.Empty(vocabulary.TakeChanges());
        Assert.Equal(0, vocabulary.Terms);
    }

    [Fact]
    public void Replace_AnySequence_EqualsCountingTheLiveItems()
    {
        // A set of letters as bits; 0 is a tombstone.
        var change = Gen.Select(
            Gen.Int[0, 5],
            Gen.Int[0, 31],
            (item, bits) => (
                item,
                terms: bits == 0 ? null : "abcde".Where((_, i) => (bits >> i & 1) == 1).Select(letter => letter.ToString()).ToArray()));

        change.Array[0, 60].Sample(changes =>
        {
            var vocabulary = new Vocabulary(1000);
            var live = new Dictionary<int, string[]>();
            var stored = new Dictionary<string, long>();
            foreach (var (item, terms) in changes)
            {
                vocabulary.Replace(live.GetValueOrDefault(item), terms);
                live.Remove(item);
                if (terms is not null)
                {
                    live[item] = terms;
                }

                foreach (var (field, by) in vocabulary.TakeChanges())
                {
                    stored[field] = stored.GetValueOrDefault(field) + by;
                }
            }

            foreach (var term in "abcde".Select(letter => letter.ToString()))
            {
                Assert.Equal(live.Values.Count(terms => terms.Contains(term)), stored.GetValueOrDefault(term));
            }

            Assert.Equal(live.Count, stored.GetValueOrDefault(Vocabulary.ItemsField));
        });
    }
}
