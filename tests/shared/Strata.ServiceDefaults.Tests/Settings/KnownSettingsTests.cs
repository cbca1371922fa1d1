using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Settings.Core;

namespace Strata.ServiceDefaults.Tests.Settings;

[Trait("height", "unit")]
public sealed class KnownSettingsTests
{
    [Theory]
    [InlineData("Shop:BootstrapServer", "a", "Shop:BootstrapServer is no setting: did you mean BootstrapServers?")]
    [InlineData("Shop:Inner:Tiems", "a", "Shop:Inner:Tiems is no setting: did you mean Times?")]
    [InlineData("Shop:Times", "3", "Shop:Times is no setting: did you mean Shop:Inner:Times?")]
    [InlineData("Shpo:Wait", "3", "Shpo is no setting: did you mean Shop?")]
    [InlineData("Shop:Colour", "red", "Shop:Colour is no setting: there are BootstrapServers, Inner, Names, Password, Wait")]
    [InlineData("Shop:Wait:Long", "red", "Shop:Wait:Long is no setting: nothing stands under Shop:Wait")]
    [InlineData("Shop:Wait", "soon", "Shop:Wait = soon cannot be read: write a time such as 00:00:10 or 7.00:00:00")]
    [InlineData("Shop:Inner:Times", "many", "Shop:Inner:Times = many cannot be read: write a whole number in its range")]
    [InlineData("Open:another:Times", "1", null)] // another process's
    [InlineData("Open:gruop:Times", "1", "Open:gruop is no setting: did you mean group?")]
    public void FaultsIn_AKeyOrValueThatIsNone_SaysWhatWouldBeOne(string key, string value, string? fault)
    {
        var faults = Known().FaultsIn(Configuration((key, value)));

        Assert.Equal(fault is null ? [] : [fault], faults.Select(found => found.Text));
    }

    [Fact]
    public void FaultsIn_WhatIsKnownOrNotOurs_SaysNothing()
    {
        var configuration = Configuration(
            ("shop:bootstrapservers", "a"), ("Shop:Wait", "00:00:02"), ("Shop:Names:0", "x"), ("Shop:Names:1", "y"), ("PATH", "/bin"),
            ("Free:linger.ms", "5"), ("Logging:LogLevel:Default", "Debug"), ("SHOPS", "1"));

        Assert.Empty(Known().FaultsIn(configuration));
    }

    [Fact]
    public void FaultsIn_ASecretThatCannotBeRead_DoesNotSayIt()
    {
        var known = new KnownSettings();
        known.Add("Shop", typeof(SecretNumber));

        var fault = Assert.Single(known.FaultsIn(Configuration(("Shop:Password", "hush"))));

        Assert.DoesNotContain("hush", fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_OfNestedOptions_AreSaidWithTheWholeKey()
    {
        var options = new ShopOptions { Wait = TimeSpan.FromDays(2), Inner = new InnerOptions { Times = 12 }, BootstrapServers = "" };

        var faults = SettingBounds.FaultsIn(options, "Shop").Select(fault => fault.Text).Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "Shop:BootstrapServers = : it must not be empty",
                "Shop:Inner:Times = 12: from 1 to 10",
                "Shop:Wait = 2.00:00:00: from 00:00:01 to 1.00:00:00",
            ],
            faults);
    }

    [Theory]
    [InlineData("Redis:ConnectionString", "host:6379,password=hush,ssl=true", "host:6379,password=***,ssl=true")]
    [InlineData("Streaming:Client:sasl.password", "hush", "***")]
    [InlineData("Streaming:Client:ssl.key.pem", "hush", "***")]
    [InlineData("Clustering:Titles:ApiKey", "hush", "***")]
    [InlineData("Access:KeysFile", "keys.json", "keys.json")]
    [InlineData("Streaming:Client:sasl.username", "strata", "strata")]
    public void SecretText_HidesSecretsAndNothingElse(string key, string value, string shown)
        => Assert.Equal(shown, SecretText.Of(key, value));

    private static KnownSettings Known()
    {
        var known = new KnownSettings();
        known.Add("Shop", typeof(ShopOptions));
        known.AddFree("Free");
        known.AddOpen("Open");
        known.Add("Open:group", typeof(InnerOptions));
        return known;
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    private sealed class ShopOptions
    {
        [Required]
        public string BootstrapServers { get; set; } = "localhost";

        [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(1);

        public IList<string> Names { get; set; } = [];

        public string Password { get; set; } = "";

        [ValidateObjectMembers]
        public InnerOptions Inner { get; set; } = new();
    }

    private sealed class InnerOptions
    {
        [Range(1, 10)]
        public int Times { get; set; } = 3;
    }

    private sealed class SecretNumber
    {
        public int Password { get; set; }
    }
}
