using Strata.Contracts;
using Strata.Local.Sample;

namespace Strata.Local.Tests.Sample;

/// <summary>The languages of the sample's items, by hand, against those that Ingestion tells from title and description.</summary>
[Trait("height", "unit")]
public sealed class SampleLanguageTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> Others = new Dictionary<string, string>
    {
        ["de"] = "COF-006 COF-007 COF-013 COF-014 COF-023 COF-024 COF-034 COF-038 CYC-034 KNT-010 KEY-017 TEA-005 TEA-017 TEA-020 TEA-021 "
            + "TEA-028 TEA-035 PEN-005",
        ["fr"] = "COF-008 COF-015 COF-025 COF-026 COF-035 COF-041 TEA-006 TEA-016 TEA-022 TEA-023 TEA-029 TEA-036 PEN-012",
        ["ja"] = "TEA-010 TEA-011 TEA-030 TEA-031",
        ["zh"] = "TEA-012 TEA-013",
    }.SelectMany(language => language.Value.Split(' ').Select(item => (item, language.Key))).ToDictionary();

    [Fact]
    public void Of_TitleAndDescription_IsTheItemsLanguage()
    {
        var told = SampleCatalogue.Load().Items
            .Select(item => (
                Language: Others.GetValueOrDefault(item.ItemId, "en"),
                Told: TextLanguage.Of($"{item.Title} {item.Description}"),
                OfTitle: TextLanguage.Of(item.Title)))
            .ToList();

        foreach (var language in told.GroupBy(item => item.Language))
        {
            output.WriteLine(
                $"{language.Key}: {language.Count()} items, wrong {language.Count(item => item.Told != item.Language)}; by the title alone "
                + $"untold {language.Count(item => item.OfTitle == TextLanguage.Unknown)}, "
                + $"wrong {language.Count(item => item.OfTitle != TextLanguage.Unknown && item.OfTitle != item.Language)}");
        }

        Assert.DoesNotContain(told, item => item.Told != item.Language);
        Assert.InRange(told.Count(item => item.OfTitle is not TextLanguage.Unknown && item.OfTitle != item.Language), 0, 2);
    }
}
