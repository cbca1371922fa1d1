using System.Text.RegularExpressions;
using Strata.Testing;

namespace Strata.Client.Tests.Readme;

/// <summary>The code of README.md is the code that is compiled here.</summary>
[Trait("height", "unit")]
public sealed partial class ReadmeTests
{
    [Fact]
    public void Code_IsWhatCompilesHere()
    {
        var code = Code().Match(Read("contracts/Strata.Client/README.md")).Groups[1].Value;
        var compiled = Read("tests/Strata.Client.Tests/Readme/ReadmeExample.cs");

        var (usings, statements) = (code.Split("\n\n", 2)[0], code.Split("\n\n", 2)[1]);
        Assert.All(
            usings.Split('\n').Where(line => line != "using Strata.Client;"),
            line => Assert.Contains(line, compiled, StringComparison.Ordinal));
        Assert.Equal(statements.Trim(), Unindented(Body().Match(compiled).Groups[1].Value).Trim());
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static string Unindented(string text) => Indentation().Replace(text, "");

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"RunAsync\(\)\n    \{\n(.*)\n    \}\n\}", RegexOptions.Singleline)]
    private static partial Regex Body();

    [GeneratedRegex("^ {8}", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
