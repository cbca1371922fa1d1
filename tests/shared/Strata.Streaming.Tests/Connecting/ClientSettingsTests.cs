using Strata.Streaming.Connecting;

namespace Strata.Streaming.Tests.Connecting;

[Trait("height", "unit")]
public sealed class ClientSettingsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Of_FileOfSettings_ReadsThemBesideTheAddress()
    {
        File.WriteAllText(_file, "# TLS\nsecurity.protocol = SASL_SSL\n\nsasl.password=a=b\nbootstrap.servers=elsewhere:1\n");

        var settings = ClientSettings.Of("localhost:9094", _file);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["security.protocol"] = "SASL_SSL",
                ["sasl.password"] = "a=b",
                ["bootstrap.servers"] = "localhost:9094",
            },
            settings);
        Assert.Equal("localhost:9094", ClientSettings.AddressIn(settings));
    }

    [Fact]
    public void Of_LineThatIsNoSetting_NamesTheLine()
    {
        File.WriteAllText(_file, "security.protocol=SSL\nnonsense\n");

        var fault = Assert.Throws<InvalidDataException>(() => ClientSettings.Of("localhost:9094", _file));

        Assert.Contains($"{_file}:2", fault.Message, StringComparison.Ordinal);
    }
}
