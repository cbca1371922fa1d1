using Strata.Cli.Frame;
using Strata.ServiceDefaults.Access;

namespace Strata.Cli.Tests.ApiKeys;

[Trait("height", "unit")]
public sealed class KeysCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-cli-keys-");

    private string KeysFile => Path.Combine(_folder.FullName, "keys.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Make_List_Revoke_KeepTheFileAsItIsSaid()
    {
        var (made, text) = await RunAsync("make", "shop", "--scope", "events", "--scope", "read", "--days", "2", "--file", KeysFile);
        var key = Assert.Single(ApiKeyFile.Read(KeysFile));

        Assert.Equal((ExitCode.Done, key.Prefix), (made, ApiKey.PrefixOf(text.Trim())));
        Assert.True(key.Opens(text.Trim(), TimeProvider.System.GetUtcNow()));
        Assert.False(key.Opens(text.Trim(), TimeProvider.System.GetUtcNow().AddDays(3)));
        Assert.Equal([Scopes.Events, Scopes.Read], key.Scopes);
        Assert.Contains(key.Prefix, (await RunAsync("list", "--file", KeysFile)).Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, (await RunAsync("revoke", key.Prefix, "--file", KeysFile)).Code);
        Assert.Empty(ApiKeyFile.Read(KeysFile));
        Assert.NotEqual(ExitCode.Done, (await RunAsync("revoke", key.Prefix, "--file", KeysFile)).Code);
    }

    [Theory]
    [InlineData("make", "shop", "--scope", "everything")]
    [InlineData("make", "shop", "--scope", "read", "--days", "0")]
    [InlineData("make", "shop")]
    public async Task Make_WhatCannotBe_IsRefusedAndWritesNothing(params string[] arguments)
    {
        var (code, _) = await RunAsync([.. arguments, "--file", KeysFile]);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.False(File.Exists(KeysFile));
    }

    private static async Task<(ExitCode Code, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Commands.Create().RunAsync(["keys", .. arguments], output, error, TestContext.Current.CancellationToken);
        return ((ExitCode)code, output.ToString());
    }
}
