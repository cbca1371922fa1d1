using Strata.Local.Sample;

namespace Strata.Local.Tests.Sample;

[Trait("height", "unit")]
public sealed class SampleCatalogueTests
{
    private const string Item = """{"item":"TEA-001","topic":"tea-time","shelf":"pots","title":"Pot","description":"Pours."}""";
    private const string Query = """{"topic":"tea-time","shelf":"pots","query":"tea pot"}""";

    private static readonly SampleCatalogue Shop = SampleCatalogue.Load();

    [Fact]
    public void Load_BundledShop_HasAbout800ItemsOver25UnevenTopics()
    {
        var sizes = Shop.Items.GroupBy(item => item.Topic).Select(topic => topic.Count()).ToList();

        Assert.InRange(Shop.Items.Count, 780, 850);
        Assert.Equal(25, sizes.Count);
        Assert.Equal(25, Shop.Topics.Count);
        Assert.All(sizes, size => Assert.InRange(size, 20, 45));
        Assert.True(sizes.Distinct().Count() >= 10);
    }

    [Fact]
    public void Load_BundledShop_RepeatsNoIdTitleOrDescription()
    {
        Assert.Distinct(Shop.Items.Select(item => item.ItemId));
        Assert.Distinct(Shop.Items.Select(item => item.Title));
        Assert.Distinct(Shop.Items.Select(item => item.Description));
    }

    [Fact]
    public void Load_BundledShop_NeverNamesTheTopicInAText()
    {
        Assert.All(Shop.Items, item =>
        {
            var text = $"{item.Title} {item.Description}";

            Assert.DoesNotContain(item.Topic, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(item.Topic.Replace('-', ' '), text, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public void Load_TeaTopic_SpeaksEnglishGermanFrenchJapaneseAndChinese()
    {
        var descriptions = Shop.Items.Where(item => item.Topic == "tea-time").Select(item => $" {item.Description} ").ToList();

        int With(params string[] words) => descriptions.Count(text => words.Any(word => text.Contains(word, StringComparison.Ordinal)));

        Assert.True(With(" the ", " and ", " with ") >= 8);
        Assert.True(With(" und ", " für ", " mit ") >= 4);
        Assert.True(With(" et ", " pour ", " du ") >= 4);
        Assert.True(With("の", "です") >= 3);
        Assert.True(With(",兰花香", "手工炒制") >= 2);
    }

    [Fact]
    public void Load_EachTopic_HasAtLeastEightQueriesOnSeveralShelves()
    {
        Assert.All(Shop.Topics, topic =>
        {
            var queries = Shop.Queries.Where(query => query.Topic == topic).ToList();

            Assert.True(queries.Count >= 8);
            Assert.True(queries.Select(query => query.Shelf).Distinct().Count() >= 3);
        });
    }

    [Fact]
    public void Find_KnownAndUnknownId_GivesItemAndNull()
    {
        Assert.Equal("trail-running", Shop.Find("RUN-014")?.Topic);
        Assert.Null(Shop.Find("RUN-999"));
    }

    [Theory]
    [InlineData("{\"item\":\"TEA-002\"", "items.jsonl, line 2")]
    [InlineData("null", "items.jsonl, line 2: null is no row")]
    [InlineData("""{"item":"TEA-002","topic":"tea-time","shelf":"pots","title":"Cup"}""", "items.jsonl, line 2")]
    [InlineData("""{"item":"TEA-002","topic":"tea-time","shelf":"pots","title":null,"description":"D."}""", "items.jsonl, line 2")]
    [InlineData("""{"item":"TEA-002","topic":"tea-time","shelf":"pots","title":"Cup","description":" "}""", "line 2: a field is blank")]
    [InlineData(
        """{"item":"TEA-002","topic":"tea-time","shelf":"pots","title":"Cup","description":"D.","price":3}""",
        "items.jsonl, line 2")]
    [InlineData(
        """{"item":"TEA-001","topic":"tea-time","shelf":"pots","title":"Cup","description":"D."}""",
        "line 2: item 'TEA-001' is there twice")]
    [InlineData(
        """{"item":"TEA-002","topic":"tea-time","shelf":"pots","title":"Pot","description":"D."}""",
        "line 2: title 'Pot' is there twice")]
    [InlineData(
        """{"item":"TEA-002","topic":"tea-time","shelf":"cups","title":"Cup","description":"D."}""",
        "no query leads to (tea-time, cups)")]
    public void Read_BadItemLine_NamesTheFault(string line, string told)
    {
        var fault = Assert.Throws<InvalidDataException>(() => Read($"{Item}\n{line}", Query));

        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tea pot", "queries.jsonl, line 3")]
    [InlineData("""{"topic":"tea-time","shelf":"pots","query":""}""", "queries.jsonl, line 3: the query is blank")]
    [InlineData("""{"topic":"tea-time","shelf":"cups","query":"cup"}""", "queries.jsonl, line 3: no item stands on shelf 'cups'")]
    public void Read_BadQueryLine_NamesTheFault(string line, string told)
    {
        var fault = Assert.Throws<InvalidDataException>(() => Read(Item, $"{Query}\n\n{line}"));

        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BlankLines_AreSkipped()
    {
        var shop = Read($"\n{Item}\n\n", $"{Query}\n");

        Assert.Equal(new SampleItem("TEA-001", "tea-time", "Pot", "Pours.", "pots"), Assert.Single(shop.Items));
    }

    private static SampleCatalogue Read(string items, string queries)
    {
        using var itemLines = new StringReader(items);
        using var queryLines = new StringReader(queries);

        return SampleCatalogue.Read(itemLines, queryLines);
    }
}
