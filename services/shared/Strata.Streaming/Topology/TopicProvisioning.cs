using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Topology;

/// <summary>
/// Makes the topics that are missing, and lets others keep records as long as is said (<see cref="RetentionOptions"/>). What is there stays
/// as it is otherwise; another number of partitions than planned is told, because keys lie by it.
/// </summary>
internal sealed class TopicProvisioning(
    KafkaClients clients,
    BrokerQuestions questions,
    IOptions<StreamingOptions> options,
    IOptions<RetentionOptions> retention,
    ILogger<TopicProvisioning> logger)
{
    private const string Age = "retention.ms";

    /// <summary>What a topic's retention is set by.</summary>
    private static readonly string[] Settings = [Age, "segment.ms"];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (clients.Embedded || !options.Value.CreateTopics)
        {
            return;
        }

        using var admin = clients.Admin();
        var planned = TopicSettings.All(retention.Value);
        var missing = Missing(planned, await ExistingAsync(admin, cancellationToken), warn: true);
        await MakeAsync(admin, planned, missing, cancellationToken);
        TopicSpecification[] said = [.. planned.Except(missing).Where(topic => retention.Value.Of(topic.Name) is not null)];
        if (said.Length > 0)
        {
            await questions.AskAsync("retention to be set", async () => await KeepAsync(admin, said), cancellationToken);
        }
    }

    private async Task MakeAsync(
        SharedClient<IAdminClient> admin,
        IReadOnlyList<TopicSpecification> planned,
        List<TopicSpecification> missing,
        CancellationToken cancellationToken)
    {
        if (missing.Count == 0)
        {
            return;
        }

        var made = await questions.AskAsync("topics to be made", async () => await CreateAsync(admin, missing), cancellationToken);
        await questions.AskAsync("topics made", () =>
        {
            var absent = Missing(planned, Existing(admin), warn: false);
            return absent.Count == 0
                ? 0
                : throw new KafkaException(new Error(ErrorCode.LeaderNotAvailable, $"{absent[0].Name} is not there yet"));
        }, cancellationToken);
        if (made > 0)
        {
            logger.TopicsMade(made);
        }
    }

    private async Task<int> KeepAsync(SharedClient<IAdminClient> admin, TopicSpecification[] said)
    {
        var resources = said.ToDictionary(
            topic => topic.Name, topic => new ConfigResource { Type = ResourceType.Topic, Name = topic.Name });
        var found = await admin.CallAsync(client => client.DescribeConfigsAsync(
            resources.Values, new DescribeConfigsOptions { RequestTimeout = clients.RequestTimeout }));
        var others = said
            .Select(topic => (Topic: topic, Found: found.Single(one => one.ConfigResource.Name == topic.Name).Entries[Age].Value))
            .Where(one => one.Found != one.Topic.Configs[Age])
            .ToList();
        if (others.Count > 0)
        {
            var settings = others.ToDictionary(
                one => resources[one.Topic.Name],
                one => Settings.Select(name => new ConfigEntry
                {
                    Name = name,
                    Value = one.Topic.Configs[name],
                    IncrementalOperation = AlterConfigOpType.Set,
                }).ToList());
            await admin.CallAsync(client => client.IncrementalAlterConfigsAsync(
                settings, new IncrementalAlterConfigsOptions { RequestTimeout = clients.RequestTimeout }));
            others.ForEach(one => logger.RetentionSet(one.Topic.Name, one.Found, one.Topic.Configs[Age]));
        }

        return others.Count;
    }

    private List<TopicSpecification> Missing(IReadOnlyList<TopicSpecification> planned, Dictionary<string, int> existing, bool warn)
    {
        var missing = new List<TopicSpecification>();
        foreach (var topic in planned)
        {
            if (!existing.TryGetValue(topic.Name, out var partitions))
            {
                missing.Add(topic);
            }
            else if (warn && partitions != topic.NumPartitions)
            {
                logger.PartitionsDiffer(topic.Name, partitions, topic.NumPartitions);
            }
        }

        return missing;
    }

    private Task<Dictionary<string, int>> ExistingAsync(SharedClient<IAdminClient> admin, CancellationToken cancellationToken)
        => questions.AskAsync("topics", () => Existing(admin), cancellationToken);

    private Dictionary<string, int> Existing(SharedClient<IAdminClient> admin)
        => admin.Call(client => client.GetMetadata(clients.RequestTimeout)).Topics
            .Where(topic => topic is { Error.IsError: false, Partitions.Count: > 0 })
            .ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count, StringComparer.Ordinal);

    private async Task<int> CreateAsync(SharedClient<IAdminClient> admin, List<TopicSpecification> missing)
    {
        try
        {
            var timeouts = new CreateTopicsOptions { RequestTimeout = clients.RequestTimeout, OperationTimeout = clients.RequestTimeout };
            await admin.CallAsync(async client =>
            {
                await client.CreateTopicsAsync(missing, timeouts);
                return missing.Count;
            });
        }
        catch (CreateTopicsException fault)
        {
            // Several processes start together: whoever comes second finds the topic there.
            var failed = fault.Results.FirstOrDefault(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists);
            if (failed is not null)
            {
                throw new KafkaException(new Error(failed.Error.Code, $"{failed.Topic} can't be made: {failed.Error.Reason}"), fault);
            }

            return fault.Results.Count(result => !result.Error.IsError);
        }

        return missing.Count;
    }
}
