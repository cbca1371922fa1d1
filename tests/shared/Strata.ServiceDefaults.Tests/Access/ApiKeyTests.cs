using Strata.ServiceDefaults.Access;

namespace Strata.ServiceDefaults.Tests.Access;

[Trait("height", "unit")]
public sealed class ApiKeyTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-keys-");

    private string KeysFile => Path.Combine(_folder.FullName, "keys.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Opens_ItsOwnTextUntilItExpires_AndNoOther()
    {
        var (key, text) = ApiKey.Create("shop", [Scopes.Events], Now.AddDays(1));
        var (_, other) = ApiKey.Create("shop", [Scopes.Events], null);

        Assert.True(key.Opens(text, Now));
        Assert.False(key.Opens(text, Now.AddDays(1)));
        Assert.False(key.Opens(other, Now));
        Assert.False(key.Opens(text + " ", Now));
        Assert.Equal(key.Prefix, ApiKey.PrefixOf(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("strata_")]
    [InlineData("strata_12345678")]
    [InlineData("other__12345678_x")]
    public void PrefixOf_WhatIsNoKey_IsNone(string text) => Assert.Null(ApiKey.PrefixOf(text));

    [Fact]
    public void Write_Keys_AreReadAgainAndTheirTextIsNowhere()
    {
        var (key, text) = ApiKey.Create("shop", [Scopes.Events, Scopes.Read], Now, "ann");

        ApiKeyFile.Write(KeysFile, [key]);

        var read = Assert.Single(ApiKeyFile.Read(KeysFile));
        Assert.Equal(
            (key.Prefix, key.Hash, "shop", (DateTimeOffset?)Now, "ann"), (read.Prefix, read.Hash, read.Name, read.Expires, read.UserId));
        Assert.Equal(key.Scopes, read.Scopes);
        Assert.DoesNotContain(text[(key.Prefix.Length + 1)..], File.ReadAllText(KeysFile), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OverALinkLeftBeside_WritesNotThroughIt()
    {
        var elsewhere = Path.Combine(_folder.FullName, "elsewhere");
        File.WriteAllText(elsewhere, "another's");
        File.CreateSymbolicLink(KeysFile + ".new", elsewhere);

        ApiKeyFile.Write(KeysFile, []);

        Assert.Equal("another's", File.ReadAllText(elsewhere));
        Assert.Empty(ApiKeyFile.Read(KeysFile));
        Assert.Null(new FileInfo(KeysFile).LinkTarget);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(KeysFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("""{"keys":[{"prefix":"p","hash":"h","name":"n","scopes":["everything"]}]}""")]
    [InlineData("""{"keys":[null]}""")]
    [InlineData("""{"keys":[{"hash":"h","name":"n","scopes":[]}]}""", "prefix")]
    [InlineData("""{"keys":[{"prefix":"p","name":"n","scopes":[]}]}""", "hash")]
    [InlineData("""{"keys":[{"prefix":"p","hash":"h","name":"n"}]}""", "scopes")]
    [InlineData("""{"keys":[{"prefix":"p","hash":"h","name":"n","scopes":[null]}]}""", "scopes")]
    [InlineData("""{"keys":[{"prefix":"p","hash":"h","scopes":[]},{"prefix":"p","hash":"h","scopes":[]}]}""", "'p'")]
    public void Read_WhatIsNoFileOfKeys_SaysSo(string content, string named = "")
    {
        File.WriteAllText(KeysFile, content);

        var fault = Assert.Throws<InvalidDataException>(() => ApiKeyFile.Read(KeysFile));
        Assert.Contains(KeysFile, fault.Message, StringComparison.Ordinal);
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }
}
