using System.Diagnostics;
using System.Globalization;
using k8s;
using k8s.Models;
using Strata.Testing;

namespace Strata.Architecture.Kubernetes;

/// <summary>The overlays as the cluster gets them, rendered by kubectl where there is one; no cluster has run them here.</summary>
[Trait("height", "harness")]
public sealed class OverlayTests
{
    private const string Tool = "kubectl";

    public static TheoryData<string> Overlays => ["small", "production"];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Pods_OfAnOverlay_AreBoundedProbedSpreadAndTagged(string overlay)
    {
        var objects = Render(overlay);
        var pods = PodsIn(objects);

        Assert.Equal(5, pods.Count);
        Assert.All(pods, pod =>
        {
            var container = Assert.Single(pod.Spec.Containers);
            Assert.False(pod.Spec.AutomountServiceAccountToken);
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.All(
                [container.StartupProbe, container.ReadinessProbe, container.LivenessProbe],
                probe => Assert.True(probe is { TimeoutSeconds: >= 2, HttpGet: not null }));
            Assert.Equal(2, pod.Spec.TopologySpreadConstraints.Count);
            Assert.Contains("memory", container.Resources.Limits.Keys);
            Assert.Matches(@"^strata/[a-z]+:\d+\.\d+\.\d+$", container.Image);
            Assert.Contains(
                objects.OfType<V1PodDisruptionBudget>(),
                budget => budget.Spec.Selector.MatchLabels.All(label => pod.Metadata.Labels[label.Key] == label.Value));
        });
        Assert.Single(objects.OfType<V1NetworkPolicy>());
    }

    [Fact]
    public void Replicas_OfWhatIsScaled_AreLeftToWhoScalesIt()
    {
        var objects = Render("production");

        Assert.All(objects.OfType<V1Deployment>(), deployment => Assert.Null(deployment.Spec.Replicas));
        Assert.All(
            objects.OfType<V1StatefulSet>().Where(set => set.Metadata.Name != "optimizer"), set => Assert.Null(set.Spec.Replicas));
        Assert.Equal(
            ["ingestion", "ranking"], objects.OfType<V2HorizontalPodAutoscaler>().Select(scaler => scaler.Metadata.Name).Order());
    }

    [Fact]
    public void Production_HasSecretsByNameOnlyAndProbesByTls()
    {
        var objects = Render("production");

        Assert.Empty(objects.OfType<V1Secret>());
        Assert.All(PodsIn(objects), pod =>
        {
            var container = pod.Spec.Containers[0];
            var service = pod.Metadata.Labels["app.kubernetes.io/name"];
            Assert.Contains(container.EnvFrom, from => from.SecretRef?.Name == $"strata-{service}");
            Assert.All(
                [container.StartupProbe, container.ReadinessProbe, container.LivenessProbe],
                probe => Assert.Equal("HTTPS", probe.HttpGet.Scheme));
        });
    }

    [Fact]
    public void Scaling_IsAsKedaReadsIt()
    {
        var objects = Render("production");
        var secrets = objects.OfType<KedaObjects.TriggerAuthentication>()
            .ToDictionary(secret => secret.Metadata.Name, secret => secret.Spec.SecretTargetRef, StringComparer.Ordinal);
        var scaled = objects.OfType<KedaObjects.ScaledObject>().ToList();

        Assert.Equal(["clustering", "featurizer"], scaled.Select(each => each.Spec.ScaleTargetRef.Name).Order(StringComparer.Ordinal));
        Assert.All(scaled, each =>
        {
            Assert.True(each.Spec.MinReplicaCount < each.Spec.MaxReplicaCount);
            Assert.Contains(objects.OfType<V1StatefulSet>(), set => set.Metadata.Name == each.Spec.ScaleTargetRef.Name);
            Assert.Contains(objects.OfType<V1StatefulSet>(), set => set.Kind == each.Spec.ScaleTargetRef.Kind);
            Assert.All(each.Spec.Triggers, trigger =>
            {
                Assert.Equal("kafka", trigger.Type);
                Assert.Empty(trigger.Metadata.Keys.Except(KedaObjects.KafkaMetadata));
                Assert.All(KedaObjects.KafkaWords, word => Assert.Contains(trigger.Metadata[word.Key], word.Value));
                Assert.True(long.Parse(trigger.Metadata["lagThreshold"], CultureInfo.InvariantCulture) > 0);
                Assert.Empty(
                    secrets[trigger.AuthenticationRef!.Name].Select(secret => secret.Parameter).Except(KedaObjects.KafkaParameters));
            });
        });
    }

    [Theory]
    [InlineData("spec: {scaleTargetRef: {name: a}, cooldownPeriods: 3, triggers: []}")]
    [InlineData("spec: {scaleTargetRef: {name: a}, triggers: [{type: kafka, metadata: {}, authentication: {name: a}}]}")]
    [InlineData("spec: {scaleTargetRef: {names: a}, triggers: []}")]
    public void Scaling_WithAFieldThatKedaDoesNotHave_IsRefused(string spec)
    {
        var head = $"apiVersion: {KedaObjects.ApiVersion}\nkind: ScaledObject\nmetadata: {{name: a}}\n";

        Assert.Single(Read($"{head}spec: {{scaleTargetRef: {{name: a}}, triggers: []}}\n"));
        Assert.ThrowsAny<Exception>(() => Read($"{head}{spec}\n"));
    }

    private static List<V1PodTemplateSpec> PodsIn(List<object> objects)
        =>
        [
            .. objects.OfType<V1Deployment>().Select(deployment => deployment.Spec.Template),
            .. objects.OfType<V1StatefulSet>().Select(set => set.Spec.Template),
        ];

    /// <summary>Unknown fields are refused.</summary>
    private static List<object> Read(string rendered)
        => KubernetesYaml.LoadAllFromString(rendered, KedaObjects.Kinds.ToDictionary(), strict: true);

    /// <summary>What is applied.</summary>
    private static List<object> Render(string overlay)
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, Tool)));
        Assert.SkipUnless(onPath, $"{Tool} is not on the PATH: overlays are not rendered");
        var start = new ProcessStartInfo(Tool, ["kustomize", Path.Combine(Repository.Root, "infra/kubernetes/overlays", overlay)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var rendered = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return Read(rendered);
    }
}
