using System.Diagnostics;
using Strata.Testing;
using YamlDotNet.RepresentationModel;

namespace Strata.Architecture;

/// <summary>Every alert fires in a test, is quiet in others, and has a row of the handbook that says what to do.</summary>
[Trait("height", "harness")]
public sealed class AlertTests
{
    private const string Folder = "infra/prometheus";
    private const string Tool = "promtool";

    /// <summary>The rules: name, expression, what to do.</summary>
    public static IReadOnlyList<(string Name, string Expression, string Remedy)> Rules { get; } =
    [
        .. ((YamlSequenceNode)((YamlMappingNode)((YamlSequenceNode)Read("alerts.yml")["groups"])[0])["rules"]).Cast<YamlMappingNode>()
            .Select(rule => (Text(rule["alert"]), Text(rule["expr"]), Text(rule["annotations"]["remedy"]))),
    ];

    [Fact]
    public void Rules_PassTheirTests()
    {
        Assert.SkipUnless(OnPath(), $"{Tool} is not on the PATH (Debian has it in the package prometheus): alerts are not made to fire");
        foreach (var arguments in new[] { "check rules alerts.yml", "test rules alerts.test.yml" })
        {
            var start = new ProcessStartInfo(Tool, arguments)
            {
                WorkingDirectory = Path.Combine(Repository.Root, Folder),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();

            Assert.True(process.ExitCode == 0, said);
        }
    }

    [Fact]
    public void Tests_MakeEveryAlertFire()
    {
        var expected = ((YamlSequenceNode)Read("alerts.test.yml")["tests"]).Cast<YamlMappingNode>()
            .SelectMany(test => (YamlSequenceNode)test["promql_expr_test"])
            .SelectMany(test => (YamlSequenceNode)test["exp_samples"])
            .Select(sample => Text(sample["labels"]))
            .ToList();

        Assert.All(Rules, rule => Assert.Contains(
            expected, labels => labels.Contains($"alertname=\"{rule.Name}\", alertstate=\"firing\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Handbook_SaysOfEveryAlertWhatToDo()
    {
        var page = Layout.Read("infra/handbook/alerts.md");

        Assert.All(Rules, rule => Assert.Contains($"| `{rule.Name}` (", page, StringComparison.Ordinal));
        Assert.All(Rules, rule => Assert.NotEmpty(rule.Remedy));
    }

    private static YamlMappingNode Read(string file)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Layout.Read($"{Folder}/{file}"));
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static bool OnPath()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, Tool)));
}
