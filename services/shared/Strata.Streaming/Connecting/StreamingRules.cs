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
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
