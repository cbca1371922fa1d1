using Strata.Clustering.Catalogue.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Naming.Core;
using Strata.Clustering.Seeding;
using Strata.Numerics;

namespace Strata.Clustering.Tests.Naming;

[Trait("height", "unit")]
public sealed class LayerNamingTests
{
    private static readonly float[] Garden = [1, .1f, 0, 0];
    private static readonly float[] Kitchen = [0, .1f, 1, 0];

    private static readonly CatalogueItem[] Items =
    [
        Item("g1", "Growing happy vegetables in raised beds", Garden, "grow", "happi", "veget", "rais", "bed"),
        Item("g2", "Vegetable beds for universities", Garden, "veget", "bed", "univers"),
        Item("g3", "Vegetables 2024: seeds and beds", Garden, "veget", "2024", "seed", "bed"),
        Item("g4", "Seeds and beds, vegetables", Garden, "seed", "bed", "veget"),
        Item("k1", "C++ cookbook: knives", Kitchen, "c++", "cookbook", "knive"),
        Item("k2", "Sharp knives and pans", Kitchen, "sharp", "knive", "pan"),
        Item("k3", "Pans for knives", Kitchen, "pan", "knive"),
        Item("k4", "日本語の包丁", Kitchen, "日本", "本語", "包丁"),
    ];

    private static readonly LayerSet Set = LayerSeeding.Seed(
        [.. Items.Select(item => item.Vector)], "test", new LayersOptions { Layers = 2 }, null);

    [Fact]
    public void Name_TwoTopics_GivesReadableWordsBestFirst()
    {
        var names = LayerNaming.Name(Set, Items, []);

        var garden = names.Values.Single(name => name.ExampleItemIds.Contains("g1"));
        var kitchen = names.Values.Single(name => name.ExampleItemIds.Contains("k1"));
        Assert.Equal("vegetables", garden.Words.First(word => word.Word.StartsWith('v')).Word);
        Assert.Equal(["beds", "seeds", "vegetables"], garden.Words.Take(3).Select(word => word.Word).Order());
        Assert.DoesNotContain("2024", garden.Words.Select(word => word.Word));
        Assert.Equal(["knives", "pans"], kitchen.Words.Take(2).Select(word => word.Word));
        Assert.All(names.Values, name => Assert.Equal(name.Words.OrderByDescending(word => word.Score), name.Words));
        Assert.Equal((4, 4), (garden.Items, kitchen.Items));
    }

    [Fact]
    public void Name_WithSearches_ShowsWhatIsLookedFor()
    {
        Sample[] searches = [.. new[] { "sharp pan", "Sharp cookbooks", "sharp ütensils for the pan", "sharp" }
            .Select((text, i) => new Sample(i, Items[5].Vector, text))];

        var kitchen = LayerNaming.Name(Set, Items, searches).Values.Single(name => name.ExampleItemIds.Contains("k1"));

        Assert.Equal("sharp", kitchen.Words[0].Word);
        Assert.DoesNotContain("ütensils", kitchen.Words.Select(word => word.Word));
        Assert.Equal(4, kitchen.Items);
    }

    [Fact]
    public void Of_Query_GivesTermsOfTheCatalogue()
    {
        var typed = new QueryTerms(["Happy vegetables?", "the 包丁", "nothing known"], Items);

        // Eight items, whose frequencies sum to one each.
        var mean = 8f / Items.Sum(item => item.Terms.Count);
        Assert.Equal([("happi", mean), ("veget", mean)], typed.Of("Happy vegetables?"));
        Assert.Equal([("包丁", mean)], typed.Of("the 包丁"));
        Assert.Empty(typed.Of("nothing known"));
    }

    [Theory]
    [InlineData("happi", "happy")]
    [InlineData("univers", "universities")]
    [InlineData("c++", "c++")]
    [InlineData("包丁", "包丁")]
    public void WordFor_Stem_IsTheWordThatTitlesUse(string stem, string word)
    {
        var surfaces = new SurfaceForms([stem]);
        foreach (var item in Items)
        {
            surfaces.Learn(item);
        }

        Assert.Equal(word, surfaces.WordFor(stem));
    }

    [Theory]
    [InlineData("Zwei Teekännchen", "teekannch", "teekännchen")]
    [InlineData("Straßenschuhe", "strassenschuh", "straßenschuhe")]
    [InlineData("Les théières", "theier", "théières")]
    [InlineData("الكتب الجديدة", "كتب", "الكتب")]
    [InlineData("Новые книги", "книг", "книги")]
    [InlineData("รองเท้าเดินป่า", "เดิน", "เดิน")]
    public void WordFor_StemOfAnotherLanguage_IsTheWordThatTitlesUse(string title, string stem, string word)
    {
        var surfaces = new SurfaceForms([stem]);
        surfaces.Learn(Item("o1", title, Garden, stem));

        Assert.Equal(word, surfaces.WordFor(stem));
    }

    [Theory]
    [InlineData("de", null)]
    [InlineData("la", null)]
    [InlineData("ruche", "ruche")]
    [InlineData("pour", "pour")]
    [InlineData("hat", "hat")]
    public void WordFor_FunctionWordOfTheTextsOwnLanguage_IsNothing(string stem, string? word)
    {
        var surfaces = new SurfaceForms([stem]);

        // "pour" is a French function word and "hat" a German one; in an English text they are not.
        surfaces.Learn(Item("f1", "La ruche de bois pour abeilles", Garden, "la", "ruche", "de", "boi", "abeill", "avec", "et"));
        surfaces.Learn(Item("e1", "Pour spout and felt hat", Kitchen, "pour", "spout", "felt", "hat"));

        Assert.Equal(word, surfaces.WordFor(stem));
    }

    [Fact]
    public void WordFor_FunctionWord_IsNothing()
    {
        var surfaces = new SurfaceForms(["how"]);
        surfaces.Learn(Item("g9", "How do I grow vegetables?", Garden, "how", "do", "grow", "veget"));

        Assert.Null(surfaces.WordFor("how"));
    }

    [Fact]
    public void WordFor_StemThatNoTitleSpells_IsNothing() => Assert.Null(new SurfaceForms(["absent"]).WordFor("absent"));

    [Fact]
    public void Of_Title_KeepsWordsAsPeopleWriteThem()
        => Assert.Equal(
            ["c#", "and", "node.js", "for", "t-shirts", "don't", "stop"], TitleWords.Of("C# and Node.js, for T-shirts: don’t stop!"));

    private static CatalogueItem Item(string id, string title, float[] direction, params string[] terms)
    {
        var vector = direction.Select((x, i) => x + (.01f * ((id[1] * (i + 3)) % 7))).ToArray();
        Assert.True(VectorMath.TryNormalize(vector));
        return new CatalogueItem(id, Int8Vector.Encode(vector), title, [.. terms.Select(term => (term, 1f / terms.Length))]);
    }
}
