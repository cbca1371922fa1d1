using k8s.Models;

namespace Strata.Architecture.Kubernetes;

/// <summary>
/// KEDA's kinds as its documentation has them (keda.sh, 2.17: "ScaledObject specification", "Authentication", "Apache Kafka"), as far as
/// a field can stand in them: what these types do not know is refused.
/// </summary>
internal static class KedaObjects
{
    public const string ApiVersion = "keda.sh/v1alpha1";

    public static IReadOnlyDictionary<string, Type> Kinds { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        [$"{ApiVersion}/ScaledObject"] = typeof(ScaledObject),
        [$"{ApiVersion}/TriggerAuthentication"] = typeof(TriggerAuthentication),
    };

    /// <summary>What a trigger of the type kafka may be told.</summary>
    public static IReadOnlyCollection<string> KafkaMetadata { get; } =
    [
        "bootstrapServers", "bootstrapServersFromEnv", "consumerGroup", "consumerGroupFromEnv", "topic", "topicFromEnv", "lagThreshold",
        "activationLagThreshold", "offsetResetPolicy", "allowIdleConsumers", "scaleToZeroOnInvalidOffset", "excludePersistentLag",
        "limitToPartitionsWithLag", "ensureEvenDistributionOfPartitions", "version", "partitionLimitation", "sasl", "tls", "unsafeSsl",
    ];

    /// <summary>Values of those that are words.</summary>
    public static IReadOnlyDictionary<string, string[]> KafkaWords { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["offsetResetPolicy"] = ["latest", "earliest"],
        ["sasl"] = ["plaintext", "scram_sha256", "scram_sha512", "gssapi", "oauthbearer", "none"],
        ["tls"] = ["enable", "disable"],
    };

    /// <summary>What a secret may give such a trigger.</summary>
    public static IReadOnlyCollection<string> KafkaParameters { get; } =
    [
        "sasl", "username", "password", "tls", "ca", "cert", "key", "keyPassword", "oauthTokenEndpointUri", "scopes", "oauthExtensions",
        "keytab", "realm", "kerberosConfig", "kerberosServiceName", "kerberosDisableFAST",
    ];

    internal sealed record ScaledObject
    {
        public required string ApiVersion { get; init; }

        public required string Kind { get; init; }

        public required V1ObjectMeta Metadata { get; init; }

        public required ScaledObjectSpec Spec { get; init; }
    }

    internal sealed record ScaledObjectSpec
    {
        public required ScaleTarget ScaleTargetRef { get; init; }

        public int? PollingInterval { get; init; }

        public int? CooldownPeriod { get; init; }

        public int? InitialCooldownPeriod { get; init; }

        public int? IdleReplicaCount { get; init; }

        public int? MinReplicaCount { get; init; }

        public int? MaxReplicaCount { get; init; }

        public Fallback? Fallback { get; init; }

        public Advanced? Advanced { get; init; }

        public required List<Trigger> Triggers { get; init; }
    }

    internal sealed record ScaleTarget
    {
        public string? ApiVersion { get; init; }

        public string? Kind { get; init; }

        public required string Name { get; init; }

        public string? EnvSourceContainerName { get; init; }
    }

    internal sealed record Fallback
    {
        public required int FailureThreshold { get; init; }

        public required int Replicas { get; init; }

        public string? Behavior { get; init; }
    }

    internal sealed record Advanced
    {
        public bool? RestoreToOriginalReplicaCount { get; init; }

        public AutoscalerConfig? HorizontalPodAutoscalerConfig { get; init; }

        public ScalingModifiers? ScalingModifiers { get; init; }
    }

    internal sealed record AutoscalerConfig
    {
        public string? Name { get; init; }

        public V2HorizontalPodAutoscalerBehavior? Behavior { get; init; }
    }

    internal sealed record ScalingModifiers
    {
        public string? Target { get; init; }

        public string? ActivationTarget { get; init; }

        public string? MetricType { get; init; }

        public string? Formula { get; init; }
    }

    internal sealed record Trigger
    {
        public required string Type { get; init; }

        public string? Name { get; init; }

        public required Dictionary<string, string> Metadata { get; init; }

        public bool? UseCachedMetrics { get; init; }

        public string? MetricType { get; init; }

        public AuthenticationRef? AuthenticationRef { get; init; }
    }

    internal sealed record AuthenticationRef
    {
        public required string Name { get; init; }

        public string? Kind { get; init; }
    }

    internal sealed record TriggerAuthentication
    {
        public required string ApiVersion { get; init; }

        public required string Kind { get; init; }

        public required V1ObjectMeta Metadata { get; init; }

        public required TriggerAuthenticationSpec Spec { get; init; }
    }

    internal sealed record TriggerAuthenticationSpec
    {
        public List<SecretTarget> SecretTargetRef { get; init; } = [];
    }

    internal sealed record SecretTarget
    {
        public required string Parameter { get; init; }

        public required string Name { get; init; }

        public required string Key { get; init; }
    }
}
