using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;
using Strata.Ingestion.Cleaning.Core;
using Strata.Ingestion.Events.Core;

namespace Strata.Ingestion.Tests.Cleaning;

[Trait("height", "unit")]
public sealed class RulesTests
{
    [Fact]
    public void Clean_EverythingAmiss_SaysTheRulesInTheirOrder()
    {
        var run = new RuleRun();
        var sent = new UserEvent
        {
            UserId = "u",
            Kind = EventKind.Search,
            Query = "the ｓｈｏｅｓ",
            EventTime = IngestionApp.Now.AddMinutes(1).ToTimestamp(),
            DwellSeconds = 7200,
        };

        var clean = Clean(sent, new CleaningOptions(), run);

        Assert.Equal(["unicode", "times", "defaults", "numbers", "languages"], run.Touched);
        Assert.Equal("the shoes", clean!.Query);
        Assert.Equal(IngestionApp.Now, clean.EventTime.ToDateTimeOffset());
        Assert.Equal("made", clean.EventId);
        Assert.Equal(3600, clean.DwellSeconds);
        Assert.Equal("en", clean.Language);
    }

    [Fact]
    public void Clean_AsTheContractAsks_IsTouchedByNoRule()
    {
        var run = new RuleRun();

        var clean = Clean(Whole(EventKind.Click), new CleaningOptions(), run);

        Assert.NotNull(clean);
        Assert.Empty(run.Touched);
        Assert.Null(run.RefusedBy);
    }

    [Fact]
    public void Clean_EveryRuleOff_LeavesTheEventAsItWasSent()
    {
        var off = new CleaningOptions { Unicode = false, Times = false, Defaults = false };
        (off.Numbers.Enabled, off.Languages.Enabled) = (false, false);
        var sent = Whole(EventKind.Search);
        sent.Query = "ｓｈｏｅｓ";
        (sent.DwellSeconds, sent.Price) = (1e9, 1e12);
        sent.EventTime = IngestionApp.Now.AddMinutes(1).ToTimestamp();
        var run = new RuleRun();

        var clean = Clean(sent, off, run);

        sent.ReceivedTime = clean!.ReceivedTime;
        Assert.Equal(sent, clean);
        Assert.Empty(run.Touched);
    }

    [Theory]
    [InlineData(EventKind.Purchase, 0, 1)]
    [InlineData(EventKind.Cart, 0, 1)]
    [InlineData(EventKind.Click, 0, 0)]
    [InlineData(EventKind.Purchase, 12, 12)]
    [InlineData(EventKind.Purchase, 2_000_000_000, 100_000)]
    public void Clean_Quantity_IsFilledAndHeld(EventKind kind, int sent, int expected)
    {
        var whole = Whole(kind);
        whole.Quantity = sent;

        var run = new RuleRun();

        var clean = Clean(whole, new CleaningOptions(), run);

        Assert.Equal(expected, clean!.Quantity);
        Assert.Equal(sent > expected, run.Touched.Contains("numbers"));
    }

    [Theory]
    [InlineData("event.quantity", -1, 0, 0)]
    [InlineData("event.dwell_seconds", 0, -1, 0)]
    [InlineData("event.dwell_seconds", 0, double.NaN, 0)]
    [InlineData("event.price", 0, 0, -.01)]
    [InlineData("event.price", 0, 0, double.PositiveInfinity)]
    public void Clean_NoAmount_IsRefusedByNumbers(string field, int quantity, double dwell, double price)
    {
        var sent = Whole(EventKind.Purchase);
        (sent.Quantity, sent.DwellSeconds, sent.Price) = (quantity, dwell, price);
        var run = new RuleRun();

        var clean = Clean(sent, new CleaningOptions(), run);

        Assert.Null(clean);
        Assert.Equal("numbers", run.RefusedBy);
        Assert.Equal(field, Assert.Single(run.Violations.Found).Field);
    }

    [Theory]
    [InlineData("", "how to clean the shoes", "en")]
    [InlineData("", "schuhe für das kind", "de")]
    [InlineData("", "chaussures pour les enfants", "fr")]
    [InlineData("", "くつ", "ja")]
    [InlineData("", "신발", "ko")]
    [InlineData("", "鞋子", "zh")]
    [InlineData("", "red shoes", "und")]
    [InlineData("EN_us", "red shoes", "en-US")]
    [InlineData("zh-hant", "鞋子", "zh-Hant")]
    public void Clean_Search_HasALanguage(string sent, string query, string expected)
    {
        var search = Whole(EventKind.Search);
        (search.Language, search.Query) = (sent, query);

        Assert.Equal(expected, Clean(search, new CleaningOptions(), new RuleRun())!.Language);
    }

    [Theory]
    [InlineData("schuhe für das kind", "", true)]
    [InlineData("how to clean the shoes", "", false)]
    [InlineData("red shoes", "", false)]
    [InlineData("red shoes", "de", true)]
    [InlineData("red shoes", "no tag!", true)]
    public void Clean_LanguageNotAccepted_IsRefusedByLanguages(string query, string language, bool refused)
    {
        var search = Whole(EventKind.Search);
        (search.Language, search.Query) = (language, query);
        var run = new RuleRun();

        Clean(search, new CleaningOptions { Languages = new LanguagesOptions { Accepted = ["en"] } }, run);

        Assert.Equal(refused ? "languages" : null, run.RefusedBy);
    }

    private static UserEvent? Clean(UserEvent sent, CleaningOptions cleaning, RuleRun run)
        => EventRules.Clean(sent, new EventOptions(), cleaning, IngestionApp.Now, null, _ => "made", run);

    private static UserEvent Whole(EventKind kind)
    {
        var whole = new UserEvent { EventId = "e", UserId = "u", Kind = kind, EventTime = IngestionApp.Now.AddHours(-1).ToTimestamp() };
        if (kind == EventKind.Search)
        {
            (whole.Query, whole.Language) = ("shoes", "en");
        }
        else
        {
            whole.ItemId = "i";
        }

        return whole;
    }
}
