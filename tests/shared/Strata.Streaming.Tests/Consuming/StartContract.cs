using Microsoft.Extensions.DependencyInjection;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>Where consuming begins, on any broker.</summary>
public abstract class StartContract(BrokerFixtureBase fixture)
{
    private readonly string _group = $"g{Guid.NewGuid():N}"[..9];

    private IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task Start_StateIsOlderThanGroup_ReadsAgainFromState()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 20, partition: 0);
        kafka.Commit(_group, topic, 0, 15);
        var handlers = new ScriptedHandlers
        {
            Start = handler => handler.Context.Partition == 0
                ? new Dictionary<string, long> { [topic] = 4 }
                : new Dictionary<string, long>(),
        };

        await using var host = await HostOf(handlers, topic).StartAsync();
        await handlers.HandledAsync(16).Soon();
        await host.StopAsync();

        Assert.Equal(4, handlers.Handled[0].Offset);
        Assert.Equal(15, handlers.Created.Single(context => context.Partition == 0).Committed[topic]);
        Assert.Equal(20, kafka.Committed(_group, topic, 0));
    }

    [Fact]
    public async Task Start_StateIsNewerThanGroup_GroupCounts()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 20, partition: 0);
        kafka.Commit(_group, topic, 0, 15);
        var handlers = new ScriptedHandlers
        {
            Start = handler => handler.Context.Partition == 0
                ? new Dictionary<string, long> { [topic] = 18 }
                : new Dictionary<string, long>(),
        };

        await using var host = await HostOf(handlers, topic).StartAsync();
        await handlers.HandledAsync(5).Soon();

        Assert.Equal(15, handlers.Handled[0].Offset);
    }

    private StreamHost HostOf(ScriptedHandlers handlers, string topic)
        => new(Broker, services => services.AddSingleton(handlers).AddStreamConsumer<ScriptedHandler>(_group, topic));
}

[Collection(OnEmbedded.Name)]
[Trait("height", "embedded")]
public sealed class StartOnEmbedded(EmbeddedBrokerFixture fixture) : StartContract(fixture);

[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class StartOnReal(RealBrokerFixture fixture) : StartContract(fixture);
