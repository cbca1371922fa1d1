using System.Globalization;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Doctor.Core;

/// <summary>Holds the topics that are there against those that Strata needs.</summary>
internal static class TopicDiagnosis
{
    private const string About = "topics";

    /// <summary>As many brokers can lose one and still have two copies of what was acknowledged.</summary>
    private const int Spread = 3;

    public static IEnumerable<Finding> Of(InspectedCluster cluster)
    {
        var faults = BrokerInspector.Planned
            .SelectMany(planned => cluster.Topics.TryGetValue(planned.Name, out var found)
                ? Of(planned, found, cluster.Brokers)
                : [Finding.Error(About, $"{planned.Name} is missing", "strata topics create, or Streaming:CreateTopics = true")])
            .ToList();
        return faults.Count > 0 ? faults : [Finding.Good(About, $"{BrokerInspector.Planned.Count} as they should be")];
    }

    /// <summary>What <c>strata topics repair</c> sets: settings that differ and change no record's place.</summary>
    public static IReadOnlyDictionary<string, string> Repairs(PlannedTopic planned, InspectedTopic found)
        => planned.Settings.Where(setting => found.Settings.TryGetValue(setting.Key, out var now) && now != setting.Value)
            .ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal);

    private static IEnumerable<Finding> Of(PlannedTopic planned, InspectedTopic found, int brokers)
    {
        if (found.Leaderless > 0)
        {
            yield return Finding.Error(
                About,
                $"{found.Name}: nobody leads {found.Leaderless} of {found.Partitions} partitions",
                "Start the brokers that hold them");
        }

        if (found.Partitions < planned.Partitions)
        {
            yield return Finding.Error(
                About,
                $"{found.Name} has {found.Partitions} partitions where {planned.Partitions} are needed",
                "Keys lie by that number: while it is empty delete it and run strata topics create; else empty the store too, or live with "
                    + "fewer workers");
        }
        else if (found.Partitions > planned.Partitions)
        {
            var text = $"{found.Name} has {found.Partitions} partitions where";
            yield return planned.Partitions == 1
                ? Finding.Error(About, $"{text} order needs one", "Delete it, then strata topics create")
                : Finding.Warning(About, $"{text} {planned.Partitions} are planned", "Nothing, if it was meant");
        }

        if (found.Settings.Count == 0)
        {
            yield return Finding.Warning(About, $"{found.Name}: its settings may not be read", "Let this user DescribeConfigs of topics");
            yield break;
        }

        var policy = found.Settings.GetValueOrDefault("cleanup.policy", "delete");
        var needed = planned.Settings["cleanup.policy"];
        if (policy != needed)
        {
            yield return Finding.Error(
                About,
                $"{found.Name} has cleanup.policy={policy} where {needed} is needed: "
                    + (needed == "compact" ? "its state would be deleted by age" : "all but the last record of a key would be taken away"),
                "strata topics repair");
        }
        else if (planned.Settings.TryGetValue("retention.ms", out var kept) && Less(found.Settings, "retention.ms", kept))
        {
            yield return Finding.Error(
                About,
                $"{found.Name} keeps records for {Time(found.Settings["retention.ms"])} where {Time(kept)} are needed",
                "strata topics repair");
        }

        var insync = int.Parse(found.Settings.GetValueOrDefault("min.insync.replicas", "1"), CultureInfo.InvariantCulture);
        if (found.Replicas == 1 && brokers >= Spread)
        {
            // A broker's own min.insync.replicas is mostly 2 there: that one replica is the cause of both.
            yield return Finding.Error(
                About,
                $"{found.Name} has replication 1 among {brokers} brokers: what lies on a disk that dies is lost"
                    + (insync > 1 ? $", and nothing can be acknowledged with min.insync.replicas={insync}" : ""),
                "default.replication.factor=3 at the brokers for new topics, kafka-reassign-partitions for this one");
        }
        else if (insync > found.Replicas)
        {
            yield return Finding.Error(
                About,
                $"{found.Name} has min.insync.replicas={insync} and {found.Replicas} replicas: nothing can be acknowledged",
                "Add replicas (kafka-reassign-partitions), or set min.insync.replicas lower");
        }
        else if (insync == 1 && found.Replicas > 1)
        {
            yield return Finding.Warning(
                About,
                $"{found.Name} has min.insync.replicas=1: what one broker alone has acknowledged dies with it",
                $"kafka-configs --alter --topic {found.Name} --add-config min.insync.replicas=2");
        }

        if (found.Leaderless == 0 && found.InSync < found.Replicas)
        {
            yield return Finding.Warning(
                About, $"{found.Name}: {found.InSync} of {found.Replicas} replicas are in step", "See which broker is down or slow");
        }
    }

    private static bool Less(IReadOnlyDictionary<string, string> settings, string name, string than)
        => settings.TryGetValue(name, out var text)
            && long.Parse(text, CultureInfo.InvariantCulture) is >= 0 and var now
            && now < long.Parse(than, CultureInfo.InvariantCulture);

    private static TimeSpan Time(string milliseconds) => TimeSpan.FromMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));
}
