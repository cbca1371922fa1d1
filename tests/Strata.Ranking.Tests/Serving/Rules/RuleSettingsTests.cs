using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Features.V1;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Serving.Rules;

namespace Strata.Ranking.Tests.Serving.Rules;

/// <summary>Rules as a process reads them at its start.</summary>
[Trait("height", "harness")]
public sealed class RuleSettingsTests
{
    private const string At = "Ranking:Rules:autumn";

    private static readonly DateTimeOffset October = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly KeyValuePair<string, string?>[] Whole =
    [
        new($"{At}:Action", "pin"),
        new($"{At}:Places", "2"),
        new($"{At}:From", "2026-10-01T00:00:00Z"),
        new($"{At}:Until", "2026-11-01T00:00:00Z"),
        new($"{At}:Placements:0", "home"),
        new($"{At}:Items:Categories:0", "Lamps"),
        new($"{At}:Items:Attributes:colour:0", "brass"),
        new($"{At}:Items:MaxPrice", "50"),
        new("Ranking:Rules:sold-out:Action", "bury"),
        new("Ranking:Rules:sold-out:Items:Availability:0", "out_of_stock"),
    ];

    [Theory]
    [InlineData("home", 0, "autumn", "sold-out")]
    [InlineData("home", 31, "sold-out")]
    [InlineData("home", -1, "sold-out")]
    [InlineData("cart", 0, "sold-out")]
    public void For_PlacementAndTime_GivesTheRulesThatHold(string placement, int day, params string[] names)
    {
        var rules = Read(Whole).For(placement, October.AddDays(day));

        Assert.Equal(names, rules!.Select(rule => rule.Name));
    }

    [Fact]
    public void For_Pin_HasItsActionAndPlaces()
    {
        var rules = Read(Whole).For("home", October)!;

        Assert.Equal((SlateRuleAction.Pin, 2), (rules[0].Action, rules[0].Places));
        Assert.Equal(SlateRuleAction.Bury, rules[1].Action);
    }

    [Theory]
    [InlineData("""{"Action": "bury", "Items": {"HasAttributes": ["colour"]}}""", "")]
    [InlineData("""{"Action": "bury", "Items": {"MinPrice": 0, "Attributes": {"colour": []}}}""", "Attributes:colour has no value")]
    [InlineData("""{"Action": "bury", "Items": {"Currency": "USD", "MinPrice": 0}}""", "")]
    [InlineData("""{"Action": "bury", "Items": {"Currency": "USD"}}""", "Items:Currency alone")]
    [InlineData("""{"Action": "bury", "Items": null}""", "Items names nothing")]
    [InlineData("""{"Action": "bury"}""", "Items names nothing")]
    public void Read_Json_HasTheAttributeOrSaysWhatIsWrong(string rule, string fault)
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes($$$"""{"Ranking": {"Rules": {"sold-out": {{{rule}}} } } }"""));
        var read = new RulesRead();

        read.Read(new ConfigurationBuilder().AddJsonStream(json).Build().GetSection(RulesRead.SectionName));

        Assert.All(read.Faults, found => Assert.Contains(fault, found, StringComparison.Ordinal));
        Assert.Equal(fault.Length == 0, read.Faults.Count == 0);
        var named = new ItemFeatures { Attributes = { ["colour"] = "brass" }, Price = new Price { Amount = 3, Currency = "USD" } };
        var catalogue = new World();
        catalogue.Catalogue.Put(new ItemFeatures(named) { ItemId = "priced" });
        var view = catalogue.Item("bare").Published().View;
        var spoken = read.For("", October)?.Select(
            made => (made.SpeaksOf(view, view.IndexOf("priced")), made.SpeaksOf(view, view.IndexOf("bare"))));
        Assert.Equal(fault.Length == 0 ? [(true, false)] : [], spoken ?? []);
    }

    [Fact]
    public void For_NoRules_IsNothing() => Assert.Null(Read([]).For("home", October));

    [Theory]
    [InlineData($"{At}:Action", null, "Action")]
    [InlineData($"{At}:Action", "hide", "autumn", "hide")]
    [InlineData($"{At}:Places", null, "Places is missing")]
    [InlineData($"{At}:Places", "101", "autumn", "Places")]
    [InlineData("Ranking:Rules:sold-out:Places", "3", "sold-out:Places", "leave it out")]
    [InlineData("Ranking:Rules:sold-out:Items:Availability:0", null, "sold-out:Items names nothing")]
    [InlineData("Ranking:Rules:sold-out:Items:Availability:0", "Gone", "sold-out", "Gone")]
    [InlineData($"{At}:Until", "2026-10-01T00:00:00Z", "Until is not after From")]
    [InlineData($"{At}:Items:MinPrice", "60", "MaxPrice is below MinPrice")]
    [InlineData($"{At}:Items:MaxPrice", "-1", "autumn", "MaxPrice")]
    [InlineData($"{At}:Items:Currency", "euro", "autumn", "Currency")]
    [InlineData("Ranking:Rules:Sold out:Action", "bury", "'Sold out'", "a to z")]
    [InlineData($"{At}:Items:Colour", "brass", "autumn", "Colour")]
    public void Start_FaultyRule_SaysWhichFieldAndWhy(string key, string? value, params string[] said)
    {
        var settings = Whole.Where(pair => pair.Key != key).Append(new(key, value)).Where(pair => pair.Value is not null);

        var fault = Assert.Throws<OptionsValidationException>(() => Read([.. settings]));

        Assert.All(said, word => Assert.Contains(word, fault.Message, StringComparison.Ordinal));
    }

    /// <summary>Rules as settings have them.</summary>
    internal static RulesRead Read(KeyValuePair<string, string?>[] settings)
    {
        using var host = RankingServicesTests.Build(settings);
        return host.Services.GetRequiredService<RulesRead>();
    }
}
