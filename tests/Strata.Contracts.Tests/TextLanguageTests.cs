namespace Strata.Contracts.Tests;

[Trait("height", "unit")]
public sealed class TextLanguageTests
{
    [Theory]
    [InlineData("how to clean the shoes", "en")]
    [InlineData("Schuhe für das Kind", "de")]
    [InlineData("Chaussures pour les enfants", "fr")]
    [InlineData("Botas para los niños", "es")]
    [InlineData("Scarponi per gli escursionisti", "it")]
    [InlineData("Botas para não molhar os pés", "pt")]
    [InlineData("Schoenen voor het kind", "nl")]
    [InlineData("Ботинки для детей", "ru")]
    [InlineData("Черевики для дітей", "uk")]
    [InlineData("الأحذية الرياضية", "ar")]
    [InlineData("کفش‌های پیاده‌روی چرمی", "fa")]
    [InlineData("बच्चों के जूते", "hi")]
    [InlineData("รองเท้าเดินป่า", "th")]
    [InlineData("Παπούτσια", "el")]
    [InlineData("נעליים", "he")]
    [InlineData("くつ", "ja")]
    [InlineData("手帳カバー", "ja")]
    [InlineData("신발", "ko")]
    [InlineData("鞋子", "zh")]
    public void Of_TextThatTells_IsItsLanguage(string text, string expected) => Assert.Equal(expected, TextLanguage.Of(text));

    /// <summary>One name, one word or one sign in another script is not the language of an English title.</summary>
    [Theory]
    [InlineData("Rose du Sud cushion cover", "und")]
    [InlineData("Diamond Las Vegas necklace", "und")]
    [InlineData("Virtual network interface in Mac OS X", "und")]
    [InlineData("Table per concrete class hierarchy in Hibernate", "und")]
    [InlineData("Speaker 8 Ω, pair", "und")]
    [InlineData("手机壳 for iPhone", "en")]
    [InlineData("red shoes", "und")]
    [InlineData("123 !?", "und")]
    [InlineData("", "und")]
    public void Of_EnglishWithForeignSigns_IsNotTheirLanguage(string text, string expected)
        => Assert.Equal(expected, TextLanguage.Of(text));
}
