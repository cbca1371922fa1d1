using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strata.Streaming.Publishing;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Publishing;

/// <summary>Batches on a broker that refuses and dies.</summary>
[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class BatchesOnReal(RealBrokerFixture fixture)
{
    private IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task PublishAll_OneTooLargeForTheTopic_NoneIsInAndItIsNamed()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Broker.BootstrapServers }).Build();
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
                [new ConfigEntry { Name = "max.message.bytes", Value = "20000", IncrementalOperation = AlterConfigOpType.Set }],
        });
        await using var host = await new StreamHost(Broker).StartAsync();

        var fault = await Assert.ThrowsAsync<PublishException>(
            () => PublishContract.BatchOf(host, topic, "a", 50, large: 20, bytes: 50_000));
        await PublishContract.BatchOf(host, topic, "b", 3);

        Assert.Equal(20, fault.Index);
        Assert.Equal(["b0", "b1", "b2"], kafka.ReadAll(topic).Select(record => Encoding.UTF8.GetString(record.Message.Key!)).Order());
    }

    [Fact]
    public async Task PublishAll_BrokerDiesAndComesBack_AllAreInOrNone()
    {
        Assert.SkipUnless(Broker.CanKill, "this broker cannot be killed");
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        await using var host = await new StreamHost(Broker).StartAsync();
        await PublishContract.BatchOf(host, topic, "before", 1);

        await Broker.KillAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => PublishContract.BatchOf(host, topic, "a", 1000, until: deadline));
        await Broker.UpAsync();

        // The transaction goes on by itself, so whoever comes after it waits for it; one that was given up is ended by the next producer.
        while (!await ComesThroughAsync(host, topic).Soon())
        {
        }

        var keys = kafka.ReadAll(topic).Select(record => Encoding.UTF8.GetString(record.Message.Key!)).ToList();
        Assert.Contains("after0", keys);
        Assert.Contains(keys.Count(key => key[0] == 'a' && key != "after0"), new[] { 0, 1000 });
    }

    private static async Task<bool> ComesThroughAsync(StreamHost host, string topic)
    {
        try
        {
            await PublishContract.BatchOf(host, topic, "after", 1);
            return true;
        }
        catch (PublishException fault) when (fault.Transient)
        {
            return false;
        }
    }
}
