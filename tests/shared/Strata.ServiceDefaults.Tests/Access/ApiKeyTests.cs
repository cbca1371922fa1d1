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
        Assert.DoesNotContain(text.Split('_')[2], File.ReadAllText(KeysFile), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("""{"keys":[{"prefix":"p","hash":"h","name":"n","scopes":["everything"]}]}""")]
    public void Read_WhatIsNoFileOfKeys_SaysSo(string content)
    {
        File.WriteAllText(KeysFile, content);

        var fault = Assert.Throws<InvalidDataException>(() => ApiKeyFile.Read(KeysFile));
        Assert.Contains(KeysFile, fault.Message, StringComparison.Ordinal);
    }
}
