using Strata.Contracts;

namespace Strata.Streaming.Topology;

/// <summary>What a topic of Strata is on a broker.</summary>
/// <param name="CleanupPolicy">Its <c>cleanup.policy</c>.</param>
/// <param name="MinInsync">Its <c>min.insync.replicas</c>.</param>
/// <param name="Replicas">Replicas of the partition that has the fewest.</param>
/// <param name="Brokers">Brokers of the cluster.</param>
internal readonly record struct FoundTopic(string CleanupPolicy, int MinInsync, int Replicas, int Brokers);

/// <summary>Holds a topic that is there against what Strata needs it to be.</summary>
internal static class TopicCheck
{
    /// <summary>Why nobody may work with the topic; null when all may.</summary>
    public static string? Fault(TopicSpec planned, FoundTopic found)
    {
        var policies = found.CleanupPolicy.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var needed = planned.Retention is null ? "compact" : "delete";
        if (policies is not [var only] || only != needed)
        {
            var loss = planned.Retention is null
                ? "what it holds is state, and the broker would delete it by age"
                : "it holds one record after the other of a key, and the broker would keep the last one only";
            return $"{planned.Name} has cleanup.policy={found.CleanupPolicy} where {needed} is needed: {loss}. "
                + $"Set it: kafka-configs --alter --topic {planned.Name} --add-config cleanup.policy={needed}";
        }

        return found.MinInsync > found.Replicas
            ? $"{planned.Name} has min.insync.replicas={found.MinInsync} and {found.Replicas} replicas: nothing can ever be acknowledged. "
                + "Add replicas, or set min.insync.replicas lower"
            : null;
    }

    /// <summary>What may cost records when a broker dies; null when nothing does.</summary>
    public static string? Doubt(TopicSpec planned, FoundTopic found)
        => found.Brokers == 1 ? null
            : found.Replicas == 1 ? $"{planned.Name} has one replica among {found.Brokers} brokers: what lies on a disk that dies is lost"
            : found.MinInsync == 1 ? $"{planned.Name} has min.insync.replicas=1: what one broker alone has acknowledged dies with it"
            : null;
}
