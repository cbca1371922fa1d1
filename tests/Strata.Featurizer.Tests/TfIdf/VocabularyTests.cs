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
    public void Replace_FrequentTermsComeLast_KeepsThem()
    {
        var vocabulary = new Vocabulary(100);
        for (var item = 0; item < 1_000; item++)
        {
            vocabulary.Replace(null, [$"once{item}", $"twice{item / 2}"]);
        }

        for (var item = 0; item < 500; item++)
        {
            vocabulary.Replace(null, [.. Enumerable.Range(1, 20).Where(k => item % k == 0).Select(k => $"late{k}"), $"rare{item}"]);
        }

        var counts = vocabulary.TakeChanges().ToDictionary(change => change.Key, change => change.Value);
        var floor = counts[Vocabulary.FloorField];
        Assert.InRange(vocabulary.Terms, 75, 100);
        Assert.InRange(floor, 3, (1_500 * 2) / 75);
        Assert.All(
            Enumerable.Range(1, 20).Where(k => (499 / k) + 1 > floor),
            k => Assert.InRange(counts[$"late{k}"], (499 / k) + 1, (499 / k) + 1 + floor));
    }

    [Fact]
    public void Replace_MoreTermsThanFit_BoundsEveryCountAndMissesNoneAboveTheFloor()
    {
        var change = Gen.Select(Gen.Int[0, 8], Gen.Int[0, 1023]);

        change.Array[0, 120].Sample(changes =>
        {
            var vocabulary = new Vocabulary(5);
            var live = new Dictionary<int, string[]>();
            var stored = new Dictionary<string, long>();
            foreach (var (item, bits) in changes)
            {
                var terms = bits == 0 ? null : Letters("abcdefghij", bits);
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

                // A restart, as every batch may be followed by one.
                vocabulary.Load(stored.Where(count => count.Value != 0).ToDictionary());
                foreach (var term in Letters("abcdefghij", 1023))
                {
                    var (count, truth) = (stored.GetValueOrDefault(term), live.Values.Count(terms => terms.Contains(term)));
                    Assert.True(count == 0 ? truth <= vocabulary.Floor : count >= truth && count <= truth + vocabulary.Floor);
                }
            }

            Assert.InRange(vocabulary.Terms, 0, 5);
            Assert.Equal(live.Count, stored.GetValueOrDefault(Vocabulary.ItemsField));
        });
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
                terms: bits == 0 ? null : Letters("abcde", bits)));

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

            foreach (var term in Letters("abcde", 31))
            {
                Assert.Equal(live.Values.Count(terms => terms.Contains(term)), stored.GetValueOrDefault(term));
            }

            Assert.Equal(live.Count, stored.GetValueOrDefault(Vocabulary.ItemsField));
        });
    }

    private static string[] Letters(string letters, int bits)
        => [.. letters.Where((_, i) => (bits >> i & 1) == 1).Select(letter => letter.ToString())];
}
