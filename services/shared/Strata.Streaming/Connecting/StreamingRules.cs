using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace Strata.Streaming.Connecting;

/// <summary>What must fit together between <see cref="StreamingOptions"/> and librdkafka's settings.</summary>
internal sealed class StreamingRules(StreamingConfiguration configuration) : IValidateOptions<StreamingOptions>
{
    // What Strata promises (order, exactly once, the partition of a key) hangs on these; setting them would break it silently.
    private static readonly string[] Owned =
    [
        "group.id", "enable.auto.commit", "enable.auto.offset.store", "enable.partition.eof", "isolation.level",
        "partition.assignment.strategy", "group.protocol", "auto.offset.reset", "acks", "enable.idempotence", "transactional.id",
        "partitioner", "test.mock.num.brokers",
    ];

    public ValidateOptionsResult Validate(string? name, StreamingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        if (options.BootstrapServers.Length == 0 && !configuration.Client.ContainsKey("bootstrap.servers"))
        {
            faults.Add("Streaming:BootstrapServers names no broker");
        }

        if (options.Embedded && options.LogIdentity.Length == 0)
        {
            faults.Add("Streaming:LogIdentity must be given with Streaming:Embedded");
        }

        foreach (var (section, settings) in configuration.Sections)
        {
            faults.AddRange(settings.Keys.Where(key => Owned.Contains(key, StringComparer.OrdinalIgnoreCase))
                .Select(key => $"{section}:{key} = {settings[key]} can't be set: Strata sets it"));
            faults.AddRange(Refused(section, settings));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>What librdkafka does not know or does not take, each by itself: names, values, files that are not there.</summary>
    private static IEnumerable<string> Refused(string section, IReadOnlyDictionary<string, string> settings)
    {
        var left = settings.Where(setting => !Owned.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)).ToDictionary();
        while (left.Count > 0 && Refusal(left) is { } refusal)
        {
            // It may call a setting by another of its names; then it is the one without which it says something else.
            var key = left.Keys.OrderByDescending(name => name.Length)
                    .FirstOrDefault(name => refusal.Contains(name, StringComparison.OrdinalIgnoreCase))
                ?? left.Keys.FirstOrDefault(name => Refusal(left.Where(setting => setting.Key != name).ToDictionary()) != refusal);
            yield return key is null ? $"{section}: {refusal}" : $"{section}:{key} is refused: {refusal}";
            if (key is null)
            {
                yield break;
            }

            left.Remove(key);
        }
    }

    private static string? Refusal(Dictionary<string, string> settings)
    {
        try
        {
            using var client = new AdminClientBuilder(settings).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
            return null;
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or KafkaException)
        {
            return fault.Message;
        }
    }
}
