using Confluent.Kafka;
using Strata.Chaos.Checks;
using Strata.Chaos.Promises;
using Strata.Chaos.Stack;
using Strata.Contracts;
using Strata.Streaming.Records;

namespace Strata.Chaos.Comparison;

/// <summary>
/// The same input, record for record, read by one Featurizer that nobody harms, on a broker and a store of its own: first the catalogue
/// and the users, then, when their features are there, the events.
/// </summary>
internal sealed class UndisturbedRun(CampaignOptions options)
{
    public async Task<StateSnapshot> RunAsync(FinalLog input, CancellationToken cancellationToken)
    {
        await using var kafka = await KafkaCluster.StartAsync(
            options.Kafka, Path.Combine(options.Work, "undisturbed-kafka"), 1, cancellationToken);
        await using var redis = await RedisStore.StartAsync(
            options.Redis, Path.Combine(options.Work, "undisturbed-redis"), 0, cancellationToken);
        await using var featurizer = await Fleet.StartAsync(
            ["Featurizer"],
            1,
            options.Services,
            Path.Combine(options.Work, "undisturbed-logs"),
            CampaignSettings.Of(options, kafka.BootstrapServers, redis.Address),
            clocks: false,
            cancellationToken);
        var violations = new ViolationLog();
        await using var tail = new LogTail(kafka.BootstrapServers, violations);
        using var groups = new GroupPositions(kafka.BootstrapServers, await featurizer.GroupsAsync(cancellationToken));
        await CopyAsync(Topics.Items);
        await CopyAsync(Topics.Users);
        await CopyAsync(Topics.Events);
        await using var log = new FinalLog(kafka.BootstrapServers);
        await log.StartAsync(cancellationToken);
        return await StateSnapshot.ReadAsync(redis, log, cancellationToken);

        async Task CopyAsync(string topic)
        {
            using var producer = new ProducerBuilder<byte[]?, byte[]?>(
                new ProducerConfig { BootstrapServers = kafka.BootstrapServers, EnableIdempotence = true })
                .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
            var copied = await Task.WhenAll((await input.ReadAsync(topic, cancellationToken)).Select(record
                => producer.ProduceAsync(new TopicPartition(topic, record.Partition), Copy(record), cancellationToken)));
            var last = copied.GroupBy(result => result.TopicPartition)
                .ToDictionary(results => results.Key, results => results.Max(result => result.Offset.Value));
            while (await groups.BehindAsync(last, topic) is not null
                || tail.Quiet < TimeSpan.FromSeconds(3)
                || await groups.BehindAsync(tail.Last(), topic) is not null)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }

    private static Message<byte[]?, byte[]?> Copy(StreamRecord record)
    {
        var copy = new Message<byte[]?, byte[]?>
        {
            Key = record.Key is null ? null : System.Text.Encoding.UTF8.GetBytes(record.Key),
            Value = record.Value?.ToArray(),
            Timestamp = new Timestamp(record.Timestamp),
            Headers = [],
        };
        foreach (var header in record.Headers)
        {
            copy.Headers.Add(header.Key, header.Value);
        }

        return copy;
    }
}
