using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Topology;

/// <summary>Topics on a broker that can be asked.</summary>
[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class TopicsOnReal(RealBrokerFixture fixture)
{
    private IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task Provisioning_EmptyThenOtherBroker_MakesWhatIsMissingAndTellsWhatDiffers()
    {
        using var kafka = new KafkaTool(Broker);

        await using var host = await new StreamHost(Broker, null, ("Streaming:CreateTopics", "true")).StartAsync();
        await host.Topics.PartitionsAsync(Topics.Events, TestContext.Current.CancellationToken).AsTask().Soon();

        foreach (var topic in Topics.All)
        {
            Assert.Equal(topic.Partitions, kafka.Partitions(topic.Name));
            Assert.Equal(1, kafka.Partitions(topic.DeadLetters));
            var config = await kafka.ConfigAsync(topic.Name);
            Assert.Equal(topic.Retention is null ? "compact" : "delete", config["cleanup.policy"]);
            Assert.Equal("LogAppendTime", config["message.timestamp.type"]);
            if (topic.Retention is { } retention)
            {
                Assert.Equal($"{retention.TotalMilliseconds:F0}", config["retention.ms"]);
            }

            Assert.Equal(
                $"{Topics.DeadLetterRetention.TotalMilliseconds:F0}", (await kafka.ConfigAsync(topic.DeadLetters))["retention.ms"]);
        }

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Broker.BootstrapServers }).Build();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = Topics.Training, IncreaseTo = 2 }]);
        await admin.DeleteTopicsAsync([Topics.Policy]);
        await Patience.UntilAsync(() => kafka.Partitions(Topics.Training) == 2
            && admin.GetMetadata(TimeSpan.FromSeconds(5)).Topics.TrueForAll(found => found.Topic != Topics.Policy));
        await using var second = await new StreamHost(Broker, null, ("Streaming:CreateTopics", "true")).StartAsync();

        Assert.Equal(2, await second.Topics.PartitionsAsync(Topics.Training, TestContext.Current.CancellationToken).AsTask().Soon());
        Assert.Equal(1, await second.Topics.PartitionsAsync(Topics.Policy, TestContext.Current.CancellationToken).AsTask().Soon());
        Assert.Equal(1, second.Lines.Count($"{Topics.Training} has 2 partitions where 1 are planned"));
        // Other tests may count on an empty broker.
        await admin.DeleteTopicsAsync(Topics.All.SelectMany(topic => new[] { topic.Name, topic.DeadLetters }));
    }

    [Fact]
    public async Task Provisioning_RetentionIsSaid_IsSetOnTheTopicThatIsThereAndOnNoOther()
    {
        using var kafka = new KafkaTool(Broker);
        await kafka.TopicAsync(1, Topics.Training); // keeps seven days
        await kafka.TopicAsync(1, Topics.Impressions);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Broker.BootstrapServers }).Build();

        try
        {
            await using var host = await new StreamHost(
                Broker, null, ("Streaming:CreateTopics", "true"), ("Streaming:Retention:Training", "12:00:00")).StartAsync();
            await host.Topics.PartitionsAsync(Topics.Training, TestContext.Current.CancellationToken).AsTask().Soon();

            Assert.Equal(1, host.Lines.Count($"{Topics.Training} kept records for 604800000 ms"));
            Assert.Equal(0, host.Lines.Count($"{Topics.Impressions} kept records"));
            while ((await kafka.ConfigAsync(Topics.Training))["retention.ms"] != "43200000")
            {
                await Task.Delay(100, TestContext.Current.CancellationToken); // the broker hears of it a little later
            }

            Assert.Equal("10800000", (await kafka.ConfigAsync(Topics.Training))["segment.ms"]);
            Assert.Equal("604800000", (await kafka.ConfigAsync(Topics.Impressions))["retention.ms"]);
        }
        finally
        {
            await admin.DeleteTopicsAsync(Topics.All.SelectMany(topic => new[] { topic.Name, topic.DeadLetters }));
            await Patience.UntilAsync(
                () => admin.GetMetadata(TimeSpan.FromSeconds(5)).Topics.TrueForAll(found => found.Topic != Topics.Training));
        }
    }

    [Fact]
    public async Task Log_TopicThatTheBrokerDoesNotKnowYet_IsWaitedFor()
    {
        using var kafka = new KafkaTool(Broker);
        await using var host = await new StreamHost(Broker).StartAsync();
        var topic = $"late-{Guid.NewGuid():N}";

        var log = host.Topics.LogAsync(topic, 0, TestContext.Current.CancellationToken).AsTask();
        await Patience.UntilAsync(() => host.Lines.Count($"identity of {topic}") > 0 || log.IsCompleted);
        await kafka.TopicAsync(1, topic);

        Assert.NotEqual(0UL, await log.Soon());
    }

    [Fact]
    public async Task Reader_TopicThatIsDeletedByAgeWhereStateIsNeeded_StopsWithExactWords()
    {
        var exitCode = Environment.ExitCode;
        using var kafka = new KafkaTool(Broker);
        await kafka.TopicAsync(1, Topics.Policy); // made as if it had a retention
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Broker.BootstrapServers }).Build();
        try
        {
            await using var host = new StreamHost(
                Broker, services => services.AddSingleton<NoTable>().AddTable<NoTable>("policies", Topics.Policy));
            var stopping = host.Stopping;

            await host.StartAsync();
            await stopping.Soon();

            Assert.Equal(1, host.Lines.Count($"{Topics.Policy} has cleanup.policy=delete where compact is needed"));
            Assert.NotEqual(0, Environment.ExitCode);
        }
        finally
        {
            Environment.ExitCode = exitCode;
            await admin.DeleteTopicsAsync([Topics.Policy]);
            await Patience.UntilAsync(
                () => admin.GetMetadata(TimeSpan.FromSeconds(5)).Topics.TrueForAll(found => found.Topic != Topics.Policy));
        }
    }

    [Fact]
    public async Task Log_RecreatedTopic_HasAnotherIdentity()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(2);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Broker.BootstrapServers }).Build();

        await using var first = await new StreamHost(Broker).StartAsync();
        var before = await LogsAsync(first, topic);
        await using var same = await new StreamHost(Broker).StartAsync();
        var again = await LogsAsync(same, topic);
        await admin.DeleteTopicsAsync([topic]);
        await Patience.UntilAsync(() => admin.GetMetadata(TimeSpan.FromSeconds(5)).Topics.TrueForAll(found => found.Topic != topic));
        await kafka.TopicAsync(2, topic);
        await using var second = await new StreamHost(Broker).StartAsync();
        var after = await LogsAsync(second, topic);

        Assert.Equal(before, again);
        Assert.Equal(4, before.Concat(after).Distinct().Count());
    }

    private static async Task<ulong[]> LogsAsync(StreamHost host, string topic)
        =>
        [
            await host.Topics.LogAsync(topic, 0, TestContext.Current.CancellationToken),
            await host.Topics.LogAsync(topic, 1, TestContext.Current.CancellationToken),
        ];

    private sealed class NoTable : ITableHandler
    {
        public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void CaughtUp()
        {
        }
    }
}
