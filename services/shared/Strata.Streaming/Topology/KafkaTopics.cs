using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Topology;

/// <summary>
/// Asks the broker about topics and remembers the answers: neither the partitions of a topic nor its identity may change under a running
/// process.
/// </summary>
internal sealed class KafkaTopics(
    KafkaClients clients,
    BrokerQuestions questions,
    TopicGate gate,
    IOptions<StreamingOptions> options,
    ILogger<KafkaTopics> logger) : ITopics, IDisposable
{
    private readonly Lazy<SharedClient<IAdminClient>> _admin = new(clients.Admin);
    private readonly ConcurrentDictionary<string, int> _partitions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Cluster, string Topic)> _identities = new(StringComparer.Ordinal);

    public async ValueTask<int> PartitionsAsync(string topic, CancellationToken cancellationToken)
    {
        if (_partitions.TryGetValue(topic, out var known))
        {
            return known;
        }

        await gate.ReadyAsync(cancellationToken);
        var partitions = await questions.AskAsync($"partitions of {topic}", () => Partitions(topic), cancellationToken);
        await CheckAsync(topic, cancellationToken);
        return _partitions.GetOrAdd(topic, partitions);
    }

    public async ValueTask<ulong> LogAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        if (!_identities.TryGetValue(topic, out var identity))
        {
            await gate.ReadyAsync(cancellationToken);
            identity = clients.Embedded
                ? (options.Value.LogIdentity, topic) // the embedded broker can't be asked
                : await questions.AskAsync($"identity of {topic}", () => DescribeAsync(topic), cancellationToken);
            identity = _identities.GetOrAdd(topic, identity);
        }

        return LogIdentity.Of(identity.Cluster, identity.Topic, partition);
    }

    public void Dispose()
    {
        if (_admin.IsValueCreated)
        {
            _admin.Value.Dispose();
        }
    }

    // Whoever reads a topic asks for its partitions first. The embedded broker's topics have no settings.
    private async ValueTask CheckAsync(string topic, CancellationToken cancellationToken)
    {
        if (clients.Embedded || Contracts.Topics.All.FirstOrDefault(spec => spec.Name == topic) is not { } planned)
        {
            return;
        }

        FoundTopic found;
        try
        {
            found = await questions.AskAsync($"settings of {topic}", () => FindAsync(topic), cancellationToken);
        }
        catch (KafkaException fault) when (fault.Error.Code is ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed)
        {
            logger.TopicUnchecked(topic);
            return;
        }

        if (TopicCheck.Fault(planned, found) is { } why)
        {
            throw new InvalidOperationException(why);
        }

        if (TopicCheck.Doubt(planned, found) is { } doubt)
        {
            logger.TopicInDoubt(doubt);
        }
    }

    private async Task<FoundTopic> FindAsync(string topic)
    {
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        var metadata = Metadata(topic);
        var entries = await DescribeAsync(resource);
        return new FoundTopic(
            entries["cleanup.policy"].Value,
            int.Parse(entries["min.insync.replicas"].Value, CultureInfo.InvariantCulture),
            metadata.Topics.Single(found => found.Topic == topic).Partitions.Min(partition => partition.Replicas.Length),
            metadata.Brokers.Count);
    }

    private async Task<Dictionary<string, ConfigEntryResult>> DescribeAsync(ConfigResource resource)
    {
        try
        {
            var options = new DescribeConfigsOptions { RequestTimeout = clients.RequestTimeout };
            return (await _admin.Value.CallAsync(client => client.DescribeConfigsAsync([resource], options))).Single().Entries;
        }
        catch (DescribeConfigsException fault) when (fault.Results.Find(result => result.Error.IsError) is { } failed)
        {
            throw new KafkaException(failed.Error, fault); // the client says "partial", whatever it is
        }
    }

    // Asking for a topic by name also makes it on the embedded broker.
    private int Partitions(string topic)
    {
        var metadata = Metadata(topic).Topics.Single(found => found.Topic == topic);
        if (metadata.Error.IsError)
        {
            throw new KafkaException(metadata.Error);
        }

        return metadata.Partitions.Count > 0
            ? metadata.Partitions.Count
            : throw new KafkaException(new Error(ErrorCode.LeaderNotAvailable, $"{topic} has no partitions yet"));
    }

    private Metadata Metadata(string topic) => _admin.Value.Call(client => client.GetMetadata(topic, clients.RequestTimeout));

    private async Task<(string Cluster, string Topic)> DescribeAsync(string topic)
    {
        var cluster = await _admin.Value.CallAsync(
            client => client.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = clients.RequestTimeout }));
        try
        {
            var topics = await _admin.Value.CallAsync(client => client.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = clients.RequestTimeout }));
            return (cluster.ClusterId, topics.TopicDescriptions.Single().TopicId.ToString());
        }
        catch (DescribeTopicsException fault)
            when (fault.Results.TopicDescriptions.Find(result => result.Error.IsError) is { } failed)
        {
            throw new KafkaException(failed.Error, fault); // a topic made a moment ago, which the client calls "partial" too
        }
    }
}
