using Google.Protobuf;
using Strata.Testing;

namespace Strata.Contracts.Tests;

/// <summary>
/// The bytes of every message lie in <c>Golden/</c>. Records outlive releases: what was written by one must be read by the next, so a
/// difference means a change of the wire format. After an addition write the files anew with the environment variable
/// STRATA_WRITE_GOLDEN=1, and look at the difference: lines may grow at fields that are new, nothing else.
/// </summary>
[Trait("height", "unit")]
public sealed class WireFormatTests
{
    private const string WriteVariable = "STRATA_WRITE_GOLDEN";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Strata.Contracts.Tests", "Golden");

    public static TheoryData<string> Messages => new(Protos.Messages.Select(m => m.FullName));

    [Theory]
    [MemberData(nameof(Messages))]
    public void Bytes_OfEveryField_AreThoseOfTheGoldenFile(string message)
    {
        var path = Path.Combine(Folder, $"{message}.hex");
        var type = Protos.Messages.Single(m => m.FullName == message);
        var samples = Samples.Of(type).ToList();
        var now = string.Concat(samples.Select(s => $"{s.Name} {Convert.ToHexStringLower(s.Message.ToByteArray())}\n"));
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(path, now);
        }

        Assert.True(File.Exists(path), $"{message} has no golden file: write it with {WriteVariable}=1");
        Assert.Equal(File.ReadAllText(path), now);
        Assert.All(samples, s => Assert.Equal(s.Message, type.Parser.ParseFrom(s.Message.ToByteArray())));
    }

    /// <summary>Fields that were added since are absent, nothing is lost, and the same bytes are written again.</summary>
    [Theory]
    [InlineData("strata.features.v1.InterestPoint")]
    [InlineData("strata.state.v1.Profile")]
    [InlineData("strata.state.v1.ProfileItem")]
    [InlineData("strata.state.v1.Undo")]
    [InlineData("strata.state.v1.UserLayers")]
    public void Bytes_OfAnEarlierRelease_AreRead(string message)
    {
        var type = Protos.Messages.Single(m => m.FullName == message);
        foreach (var line in File.ReadLines(Path.Combine(Folder, "Before", $"{message}.hex")))
        {
            var bytes = Convert.FromHexString(line.Split(' ')[1]);

            var read = type.Parser.ParseFrom(bytes);

            Assert.Equal(bytes, read.ToByteArray());
            Assert.Equal(bytes, type.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes).ToByteArray());
        }
    }

    [Fact]
    public void GoldenFiles_AllBelongToAMessage()
    {
        var messages = Protos.Messages.Select(m => m.FullName).ToHashSet();

        var strays = Directory.GetFiles(Folder, "*.hex").Select(Path.GetFileNameWithoutExtension).Where(name => !messages.Contains(name!));

        Assert.Empty(strays);
    }
}
