using Microsoft.Extensions.Configuration;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Tests.Connecting;

[Trait("height", "unit")]
public sealed class StreamingRulesTests
{
    [Fact]
    public void Validate_SettingsThatLibrdkafkaRefuses_NamesEachWithItsSection()
    {
        var faults = Faults(
            ("Streaming:Client:securty.protocol", "SSL"),
            ("Streaming:Client:security.protocol", "TLS"),
            ("Streaming:Producer:linger.ms", "soon"),
            ("Streaming:Consumer:group.id", "mine"));

        Assert.Equal(4, faults.Count);
        Assert.Contains(faults, fault => fault.StartsWith("Streaming:Client:securty.protocol is refused", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Streaming:Client:security.protocol is refused", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Streaming:Producer:linger.ms is refused", StringComparison.Ordinal));
        Assert.Contains("Streaming:Consumer:group.id = mine can't be set: Strata sets it", faults);
    }

    [Fact]
    public void Validate_SettingsThatItTakes_FindsNothing()
        => Assert.Empty(Faults(
            ("Streaming:Client:security.protocol", "SASL_PLAINTEXT"),
            ("Streaming:Client:sasl.mechanism", "SCRAM-SHA-512"),
            ("Streaming:Client:sasl.username", "strata"),
            ("Streaming:Client:sasl.password", "hush"),
            ("Streaming:Producer:linger.ms", "5"),
            ("Streaming:Consumer:fetch.wait.max.ms", "50")));

    private static IReadOnlyList<string> Faults(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var rules = new StreamingRules(new StreamingConfiguration(configuration));
        return [.. rules.Validate(null, new StreamingOptions { BootstrapServers = "localhost:9092" }).Failures ?? []];
    }
}
