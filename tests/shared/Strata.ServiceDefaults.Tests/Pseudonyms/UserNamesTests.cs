using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Strata.ServiceDefaults.Pseudonyms;

namespace Strata.ServiceDefaults.Tests.Pseudonyms;

[Trait("height", "unit")]
public sealed class UserNamesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-names-");
    private readonly FakeTimeProvider _time = new();

    private string KeysFile => Path.Combine(_folder.FullName, "pseudonyms.keys");

    [Fact]
    public void Of_WithoutKeys_IsTheId()
    {
        Assert.Equal("ann", UserNames.Plain.Of("ann"));
        Assert.Equal(["ann"], UserNames.Plain.AllOf("ann"));
    }

    [Fact]
    public void Of_WithAKey_IsItsNameAndTheHmacOfTheId()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var names = Start(Line("2026-11", secret));

        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "strata pseudonym"u8.ToArray());
        var expected = "2026-11." + Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("ann")));
        Assert.Equal(expected, names.Of("ann"));
        Assert.Equal([expected], names.AllOf("ann"));
        Assert.Equal(["", ""], [names.Of(""), names.AllOf("")[0]]);
    }

    [Fact]
    public void AllOf_AfterARotation_IsTheHmacOfTheNameBefore_AndThatName()
    {
        var (old, young) = (Line("old"), Line("young"));
        var names = Start(old, fromPlain: true);
        var before = names.Of("ann");

        File.WriteAllText(KeysFile, young + old);
        _time.Advance(TimeSpan.FromSeconds(2));

        // Whoever has the young key, and no id, comes from the old name to the new one.
        var renamed = PseudonymKey.NamesOf(before, [PseudonymKey.ReadFile(KeysFile)[0]]).Single();
        Assert.Equal([renamed, before, "ann"], names.AllOf("ann"));
        Assert.StartsWith("young.", names.Of("ann"), StringComparison.Ordinal);
        Assert.Equal(renamed, names.Of("ann"));
    }

    [Theory]
    [InlineData("young old ")]
    [InlineData("old first young ")]
    [InlineData("old ")]
    [InlineData("")]
    public void AllOf_AfterAnyOtherChangeOfTheFile_IsWhatItWas(string order)
    {
        var lines = new[] { "young", "old", "first" }.ToDictionary(name => name, name => Line(name));
        var names = Start(lines["old"] + lines["first"]);
        var before = names.AllOf("ann");

        File.WriteAllText(KeysFile, string.Concat(order.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => lines[name])));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(before, names.AllOf("ann"));
    }

    [Theory]
    [InlineData("a}b")]
    [InlineData("a.b")]
    [InlineData("name-of-more-than-thirty-two-characters")]
    public void Start_WithAKeyOfAnOddName_SaysWhich(string name)
    {
        var fault = Assert.Throws<InvalidDataException>(() => Start(Line(name)));

        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains(KeysFile, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithAShortSecret_DoesNotSayIt()
    {
        var fault = Assert.Throws<InvalidDataException>(() => Start("2026-11 c2VjcmV0\n"));

        Assert.DoesNotContain("c2VjcmV0", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private UserNames Start(string lines, bool fromPlain = false)
    {
        File.WriteAllText(KeysFile, lines);
        var options = new PseudonymsOptions { KeysFile = KeysFile, FromPlain = fromPlain };
        return new UserNames(Options.Create(options), _time, NullLogger<UserNames>.Instance);
    }

    private static string Line(string name, byte[]? secret = null)
        => $"{name} {Convert.ToBase64String(secret ?? RandomNumberGenerator.GetBytes(32))}\n";
}
