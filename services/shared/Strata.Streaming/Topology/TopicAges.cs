using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Topology;

/// <summary>Asks the broker how a topic is set; the embedded one, which has no settings, keeps them as planned at the longest.</summary>
internal sealed class TopicAges(
    KafkaClients clients, BrokerQuestions questions, TopicGate gate, IOptions<RetentionOptions> retention) : ITopicAges, IDisposable
{
    /// <summary>A hundred years: what is more is for ever.</summary>
    private const long MostMilliseconds = 100L * 365 * 24 * 3600 * 1000;

    // The broker looks for what is too old every five minutes, cleans within fifteen seconds, and deletes files a minute later.
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(10);

    private readonly Lazy<SharedClient<IAdminClient>> _admin = new(clients.Admin);

    public async ValueTask<TimeSpan?> LongestAsync(string topic, CancellationToken cancellationToken)
    {
        await gate.ReadyAsync(cancellationToken);
        if (clients.Embedded)
        {
            var planned = TopicSettings.All(retention.Value).Single(spec => spec.Name == topic).Configs;
            return Longest(name => planned.GetValueOrDefault(name));
        }

        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        var options = new DescribeConfigsOptions { RequestTimeout = clients.RequestTimeout };
        var answer = await questions.AskAsync(
            $"settings of {topic}",
            () => _admin.Value.CallAsync(client => client.DescribeConfigsAsync([resource], options)),
            cancellationToken);
        var entries = answer.Single().Entries;
        return Longest(name => entries.GetValueOrDefault(name)?.Value);
    }

    public void Dispose()
    {
        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
        }
    }

    /// <summary>
    /// By age: until the segment is closed, then until its newest record is too old. Compacted: until the record is compacted away, until
    /// the tombstone may go, and until it is compacted away itself.
    /// </summary>
    /// <param name="setting">The topic's settings by name; null where it does not say.</param>
    public static TimeSpan? Longest(Func<string, string?> setting)
    {
        var policy = setting("cleanup.policy") ?? "delete";
        var aged = policy.Contains("delete", StringComparison.Ordinal)
            ? Milliseconds("retention.ms", TimeSpan.FromDays(7)) + Milliseconds("segment.ms", TimeSpan.FromDays(7))
            : null;
        var lag = Milliseconds("max.compaction.lag.ms", null);
        var compacted = policy.Contains("compact", StringComparison.Ordinal)
            ? lag + Milliseconds("delete.retention.ms", TimeSpan.FromDays(1)) + lag
            : null;
        return (aged is { } a && compacted is { } b ? (a < b ? a : b) : aged ?? compacted) + Look;

        TimeSpan? Milliseconds(string name, TimeSpan? usual)
            => setting(name) is { } text
                ? long.Parse(text, CultureInfo.InvariantCulture) is >= 0 and <= MostMilliseconds and var known
                    ? TimeSpan.FromMilliseconds(known)
                    : null
                : usual;
    }
}
