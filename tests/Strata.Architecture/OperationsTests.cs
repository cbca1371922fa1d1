using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Contracts;
using Strata.Testing;
using YamlDotNet.RepresentationModel;
using k8s;
using k8s.Models;

namespace Strata.Architecture;

/// <summary>
/// What operators apply names only what exists: settings, topics, groups, metrics; and says it in the words of the cluster.
/// </summary>
[Trait("height", "unit")]
public sealed partial class OperationsTests
{
    private static readonly string Kubernetes = Path.Combine(Repository.Root, "infra", "kubernetes");

    /// <summary>Tags that come with the scrape, or of what others export.</summary>
    private static readonly string[] ScrapedTags = ["job", "service_name", "service_namespace", "fstype"];

    public static TheoryData<string> Manifests
        =>
        [
            .. Directory.GetFiles(Kubernetes, "*.yaml", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Kubernetes, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Manifest_OfTheClustersOwnKinds_HasNoUnknownField(string file)
    {
        foreach (var document in Documents(file).Where(document => IsTheClusters(Text(document, "apiVersion"))))
        {
            var read = Assert.IsAssignableFrom<IMetadata<V1ObjectMeta>>(
                KubernetesYaml.LoadAllFromString(Write(document), strict: true).Single());

            Assert.Equal(Text((YamlMappingNode)document["metadata"], "name"), read.Metadata.Name);
        }
    }

    [Fact]
    public void Kustomizations_NameEveryManifestBesideThem()
    {
        var files = Manifests.Select(row => row.Data).ToList();
        foreach (var kustomization in files.Where(file => Path.GetFileName(file) == "kustomization.yaml"))
        {
            var folder = Path.GetDirectoryName(kustomization)!;
            var text = File.ReadAllText(Path.Combine(Kubernetes, kustomization));

            Assert.All(
                files.Where(file => Path.GetDirectoryName(file) == folder && file != kustomization),
                file => Assert.Matches($@"(- |path: ){Regex.Escape(Path.GetFileName(file))}\n", text));
        }
    }

    [Fact]
    public void Manifests_AreOfAllServicesWithTheImagesOfTheComposeFile()
    {
        var services = Layout.Services.Select(service => service["Strata.".Length..].ToLowerInvariant())
            .Order(StringComparer.Ordinal)
            .ToList();
        var compose = Layout.Read("docker-compose.yml");

        Assert.Equal(services, Images().Matches(AllManifests()).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.Equal(services, Images().Matches(compose).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Compose_WithoutKeys_PublishesPortsToThisMachineOnly()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Layout.Read("docker-compose.yml")));
        var services = ((YamlMappingNode)((YamlMappingNode)stream.Documents[0].RootNode)["services"]).Children.Values;
        var ports = services.Cast<YamlMappingNode>()
            .Where(service => service.Children.ContainsKey("ports"))
            .SelectMany(service => Items(service, "ports"))
            .ToList();

        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_WithThreeBrokers_IsToldAllThatDiffers()
    {
        var told = Layout.Read("infra/kafka/three-brokers.env").Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line[..line.IndexOf('=', StringComparison.Ordinal)])
            .Where(name => name != "COMPOSE_PROFILES").Order(StringComparer.Ordinal);
        var read = Defaults().Matches(Layout.Read("docker-compose.yml")).Select(match => match.Groups[1].Value)
            .Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(told, read);
    }

    [Fact]
    public void Settings_AreRead()
    {
        var known = Layout.Services
            .SelectMany(service => SettingNames().Matches(Layout.Read($"services/{service}/appsettings.json")))
            .Select(match => match.Groups[1].Value)
            .Append("Client") // librdkafka's own settings stand under it
            .ToHashSet();
        var named = VariableNames().Matches(AllManifests() + Layout.Read("docker-compose.yml"))
            .SelectMany(match => match.Value.Split("__"))
            .Distinct()
            .ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, known));
    }

    [Fact]
    public void Scaling_OnLag_NamesGroupsAndTopicsAndNoMorePodsThanPartitions()
    {
        var sources = Sources().ToList();
        var scaled = Documents("overlays/production/scaling.yaml").Where(document => Text(document, "kind") == "ScaledObject").ToList();

        Assert.NotEmpty(scaled);
        foreach (var spec in scaled.Select(document => (YamlMappingNode)document["spec"]))
        {
            var topics = ((YamlSequenceNode)spec["triggers"]).Select(trigger => (YamlMappingNode)trigger["metadata"]).ToList();
            Assert.All(
                topics,
                topic => Assert.Contains(
                    sources, source => source.Contains($"Group = \"{Text(topic, "consumerGroup")}\"", StringComparison.Ordinal)));
            Assert.All(topics, topic =>
            {
                Assert.Equal("earliest", Text(topic, "offsetResetPolicy")); // where the consumers begin
                Assert.Contains(".svc.", Text(topic, "bootstrapServers"), StringComparison.Ordinal); // asked from KEDA's namespace
            });
            Assert.Equal(
                int.Parse(Text(spec, "maxReplicaCount"), CultureInfo.InvariantCulture),
                topics.Max(topic => Topics.All.Single(known => known.Name == Text(topic, "topic")).Partitions));
        }
    }

    [Fact]
    public void Alerts_NameMetricsAndTagsThatExist()
    {
        var sources = string.Concat(Sources());
        var metrics = Instruments().Matches(sources)
            .SelectMany(match => Exported(match.Groups["kind"].Value, match.Groups["name"].Value, match.Groups["unit"].Value))
            .ToHashSet();
        var alerts = string.Join('\n', AlertTests.Rules.Select(rule => rule.Expression));
        var tags = TagNames().Matches(alerts)
            .SelectMany(match => match.Groups[1].Success ? match.Groups[1].Value.Split(", ") : [match.Groups[2].Value])
            .Except(ScrapedTags)
            .Distinct();
        var named = MetricNames().Matches(Braces().Replace(alerts, " ")).Select(match => match.Value).Distinct().ToList();

        Assert.True(named.Count > 5);
        Assert.All(named, name => Assert.Contains(name, metrics));
        Assert.All(tags, tag => Assert.Matches($"\"{tag.Replace("_", "[._]", StringComparison.Ordinal)}\"", sources));
    }

    /// <summary>Names under which the Prometheus exporter shows an instrument.</summary>
    internal static IEnumerable<string> Exported(string kind, string name, string unit)
    {
        var shown = name.Replace('.', '_') + unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return kind switch
        {
            "Counter" => [shown + "_total"],
            "Histogram" => [shown + "_bucket", shown + "_count", shown + "_sum"],
            _ => [shown],
        };
    }

    private static bool IsTheClusters(string apiVersion)
        => apiVersion is "v1" or "apps/v1" or "policy/v1" or "autoscaling/v2" or "batch/v1" or "networking.k8s.io/v1";

    private static IEnumerable<string> Sources()
        => Layout.Sources
            .Where(path => path.StartsWith("services/", StringComparison.Ordinal)
                || path.EndsWith("/ConsumerGroups.cs", StringComparison.Ordinal))
            .Select(Layout.Read);

    private static string AllManifests()
        => string.Join('\n', Manifests.Select(row => File.ReadAllText(Path.Combine(Kubernetes, row.Data))));

    private static List<YamlMappingNode> Documents(string file)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(Path.Combine(Kubernetes, file));
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static IEnumerable<string> Items(YamlMappingNode node, string key)
        => ((YamlSequenceNode)node[key]).Select(item => ((YamlScalarNode)item).Value!);

    private static string Write(YamlNode document)
    {
        using var writer = new StringWriter();
        new YamlStream(new YamlDocument(document)).Save(writer, assignAnchors: false);
        return writer.ToString();
    }

    [GeneratedRegex(@"image: strata/([a-z]+)")]
    private static partial Regex Images();

    // What is something unless it is said otherwise.
    [GeneratedRegex(@"\$\{([A-Z_]+):-[^}]")]
    private static partial Regex Defaults();

    [GeneratedRegex("\"([A-Z][A-Za-z]+)\":")]
    private static partial Regex SettingNames();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+(__[A-Z][A-Za-z]+)+")]
    private static partial Regex VariableNames();

    [GeneratedRegex(
        @"Create(?:Observable)?(?<kind>Counter|Histogram|Gauge|UpDownCounter)(?:<\w+>)?"
        + @"\(\s*""(?<name>[a-z_.]+)"",\s*(?:[^""]*?,\s*)?""(?<unit>[^""]*)""")]
    private static partial Regex Instruments();

    [GeneratedRegex(@"\b(?:strata|messaging)_[a-z_]+(?=[\[)\s])")]
    private static partial Regex MetricNames();

    /// <summary>Where tags stand, and no metric.</summary>
    [GeneratedRegex(@"by \([^)]*\)|\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"by \(([a-z_, ]+)\)|\b([a-z_]+)(?:=~|!~|!=|=)""")]
    private static partial Regex TagNames();
}
