using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strata.Streaming.Connecting;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Inspection;

/// <summary>
/// What operators ask of a broker and have it do, for tools that run beside the services. A real broker: the embedded one knows none of
/// these calls. One that does not answer is a <see cref="BrokerAwayException"/>.
/// </summary>
public sealed class BrokerInspector : IDisposable
{
    /// <summary>Topics of Strata begin so.</summary>
    private const string OurTopics = "strata.";

    private const int Attempts = 5;

    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyDictionary<string, string> _client;
    private readonly IAdminClient _admin;
    private volatile Error? _refusal;

    /// <summary>Asks by the settings of a client.</summary>
    /// <param name="client">How the broker is reached, see <see cref="ClientSettings"/>.</param>
    public BrokerInspector(IReadOnlyDictionary<string, string> client)
    {
        _client = client;
        _admin = new AdminClientBuilder(client).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => Keep(error)).Build();
    }

    private static IReadOnlyList<TopicSpecification> All
        => TopicSettings.All(RetentionOptions.OfEnvironment(Environment.GetEnvironmentVariable));

    /// <summary>
    /// Every topic as Strata makes it: those of messages, of dead letters, of quarantine; kept as long as the environment says, by the
    /// names that services have for it.
    /// </summary>
    public static IReadOnlyList<PlannedTopic> Planned =>
        [.. All.Select(topic => new PlannedTopic(topic.Name, topic.NumPartitions, topic.Configs))];

    /// <summary>The cluster with its topics; the settings of those that are Strata's.</summary>
    public Task<InspectedCluster> ClusterAsync() => AskAsync("its topics", async () =>
    {
        var metadata = await Task.Run(() => _admin.GetMetadata(Answer));
        var topics = metadata.Topics.Where(topic => topic is { Error.IsError: false, Partitions.Count: > 0 }).ToList();
        var settings = await SettingsAsync([.. topics.Select(topic => topic.Topic).Where(IsOurs)]);
        return new InspectedCluster(
            metadata.Brokers.Count,
            topics.Select(topic => new InspectedTopic(
                topic.Topic,
                topic.Partitions.Count,
                topic.Partitions.Min(partition => partition.Replicas.Length),
                topic.Partitions.Min(partition => partition.InSyncReplicas.Length),
                topic.Partitions.Count(partition => partition.Leader < 0),
                settings.GetValueOrDefault(topic.Topic, new Dictionary<string, string>())))
                .ToDictionary(topic => topic.Name, StringComparer.Ordinal));
    });

    /// <summary>Makes planned topics that are missing, with the broker's own number of replicas.</summary>
    public Task CreateAsync(IReadOnlyCollection<string> topics) => AskAsync("topics to be made", async () =>
    {
        try
        {
            await _admin.CreateTopicsAsync(
                All.Where(topic => topics.Contains(topic.Name)),
                new CreateTopicsOptions { RequestTimeout = Answer, OperationTimeout = Answer });
        }
        catch (CreateTopicsException fault) when (fault.Results.TrueForAll(
            result => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            // Somebody else made them meanwhile.
        }

        return 0;
    });

    /// <summary>Sets settings of a topic; its others stay.</summary>
    public Task SetAsync(string topic, IReadOnlyDictionary<string, string> settings) => AskAsync($"settings of {topic}", async () =>
    {
        await _admin.IncrementalAlterConfigsAsync(
            new Dictionary<ConfigResource, List<ConfigEntry>>
            {
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
                [
                    .. settings.Select(setting => new ConfigEntry
                    {
                        Name = setting.Key,
                        Value = setting.Value,
                        IncrementalOperation = AlterConfigOpType.Set,
                    }),
                ],
            },
            new IncrementalAlterConfigsOptions { RequestTimeout = Answer });
        return 0;
    });

    /// <summary>How far each group is in each partition of Strata's topics that it reads or has a position in.</summary>
    public Task<IReadOnlyList<GroupPosition>> PositionsAsync(CancellationToken cancellationToken)
        => AskAsync<IReadOnlyList<GroupPosition>>("positions", async () =>
        {
            var groups = (await _admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { RequestTimeout = Answer })).Valid
                .Select(group => group.GroupId).Order(StringComparer.Ordinal).ToList();
            if (groups.Count == 0)
            {
                return [];
            }

            var described = (await _admin.DescribeConsumerGroupsAsync(
                groups, new DescribeConsumerGroupsOptions { RequestTimeout = Answer })).ConsumerGroupDescriptions;
            var members = described.ToDictionary(group => group.GroupId, group => group.Members.Count, StringComparer.Ordinal);
            var committed = new List<(string Group, TopicPartitionOffset Position)>();
            foreach (var group in groups)
            {
                var answer = await _admin.ListConsumerGroupOffsetsAsync(
                    [new ConsumerGroupTopicPartitions(group, null)],
                    new ListConsumerGroupOffsetsOptions { RequestTimeout = Answer, RequireStableOffsets = false });
                committed.AddRange(answer.SelectMany(found => found.Partitions)
                    .Where(position => position.Offset.Value >= 0 && IsOurs(position.Topic))
                    .Select(position => (group, position.TopicPartitionOffset)));
            }

            // Who has committed nothing yet begins where the log begins.
            var fresh = described
                .SelectMany(group => group.Members.SelectMany(member => member.Assignment.TopicPartitions)
                    .Where(partition => IsOurs(partition.Topic)).Select(partition => (Group: group.GroupId, Partition: partition)))
                .Except(committed.Select(entry => (Group: entry.Group, Partition: entry.Position.TopicPartition)))
                .ToList();
            var beginnings = await OffsetsAsync([.. fresh.Select(entry => entry.Partition).Distinct()], OffsetSpec.Earliest());
            committed.AddRange(fresh.Select(entry => (
                entry.Group, new TopicPartitionOffset(entry.Partition, beginnings[entry.Partition]))));
            var ends = await OffsetsAsync([.. committed.Select(entry => entry.Position.TopicPartition).Distinct()], OffsetSpec.Latest());
            var behind = committed.Where(entry => entry.Position.Offset.Value < ends[entry.Position.TopicPartition])
                .Select(entry => entry.Position).Distinct().ToList();
            var times = await Task.Run(() => new FirstRecords(_client).TimesAt(behind, cancellationToken), cancellationToken);
            return
            [
                .. committed.Select(entry => new GroupPosition(
                    entry.Group,
                    members.GetValueOrDefault(entry.Group),
                    entry.Position.Topic,
                    entry.Position.Partition.Value,
                    entry.Position.Offset.Value,
                    ends[entry.Position.TopicPartition],
                    times.TryGetValue(entry.Position, out var time) ? time : null)),
            ];
        });

    /// <summary>When the newest record of a topic arrived by the broker's clock; null: there is none.</summary>
    public Task<DateTimeOffset?> NewestAsync(string topic, int partitions) => AskAsync($"the newest record of {topic}", async () =>
    {
        var answer = await _admin.ListOffsetsAsync(
            Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffsetSpec
            {
                TopicPartition = new TopicPartition(topic, partition),
                OffsetSpec = OffsetSpec.MaxTimestamp(),
            }),
            new ListOffsetsOptions { RequestTimeout = Answer });
        var newest = answer.ResultInfos.Max(info => info.Timestamp);
        return newest > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(newest) : (DateTimeOffset?)null;
    });

    /// <inheritdoc/>
    public void Dispose() => _admin.Dispose();

    private static bool IsOurs(string topic) => topic.StartsWith(OurTopics, StringComparison.Ordinal);

    private void Keep(Error error)
    {
        if (error.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Ssl)
        {
            _refusal = error;
        }
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> SettingsAsync(IReadOnlyList<string> topics)
    {
        if (topics.Count == 0)
        {
            return new Dictionary<string, IReadOnlyDictionary<string, string>>();
        }

        IEnumerable<(ConfigResource Topic, Dictionary<string, ConfigEntryResult> Entries)> answers;
        try
        {
            var all = await _admin.DescribeConfigsAsync(
                topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }),
                new DescribeConfigsOptions { RequestTimeout = Answer });
            answers = all.Select(result => (result.ConfigResource, result.Entries));
        }
        catch (DescribeConfigsException some)
        {
            answers = some.Results.Where(result => !result.Error.IsError).Select(result => (result.ConfigResource, result.Entries));
        }

        return answers.ToDictionary(
            answer => answer.Topic.Name,
            answer => (IReadOnlyDictionary<string, string>)answer.Entries.Values.Where(entry => entry.Value is not null)
                .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    private async Task<IReadOnlyDictionary<TopicPartition, long>> OffsetsAsync(
        IReadOnlyList<TopicPartition> partitions, OffsetSpec which)
    {
        if (partitions.Count == 0)
        {
            return new Dictionary<TopicPartition, long>();
        }

        var answer = await _admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec
            {
                TopicPartition = partition,
                OffsetSpec = which,
            }),
            new ListOffsetsOptions { RequestTimeout = Answer, IsolationLevel = IsolationLevel.ReadCommitted });
        return answer.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    private async Task<T> AskAsync<T>(string what, Func<Task<T>> question)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await question();
            }
            catch (KafkaException fault) when (attempt < Attempts && _refusal is null && !IsSilence(fault.Error.Code))
            {
                await Task.Delay(Pause, TimeProvider.System); // leaders and coordinators of what was made a moment ago are not known yet
            }
            catch (KafkaException fault)
            {
                var address = ClientSettings.AddressIn(_client);
                throw _refusal is { } refusal
                    ? new BrokerAwayException($"The broker at {address} refuses: {refusal.Reason}", refused: true, fault)
                    : new BrokerAwayException(
                        $"The broker at {address} does not answer ({what}): {fault.Error.Reason}", refused: false, fault);
            }
        }
    }

    /// <summary>Whether the client has waited for an answer as long as it may.</summary>
    private static bool IsSilence(ErrorCode code)
        => code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve;
}
