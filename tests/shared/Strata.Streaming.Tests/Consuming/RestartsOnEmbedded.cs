using Microsoft.Extensions.DependencyInjection;
using Strata.Streaming.Connecting;
using Strata.Streaming.Consuming;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>How the next handler follows one that ended.</summary>
[Collection(OnEmbedded.Name)]
[Trait("height", "embedded")]
public sealed class RestartsOnEmbedded(EmbeddedBrokerFixture fixture)
{
    private readonly string _group = $"g{Guid.NewGuid():N}"[..9];

    private IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task Consume_HandlerAsksToRewind_TheNextOneBeginsThere()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 10, partition: 0);
        kafka.Commit(_group, topic, 0, 7);
        var handlers = new ScriptedHandlers
        {
            Handle = (handler, batch, output, _) =>
            {
                if (handler.Context.Rewound.Count == 0 && batch.Any(record => record.Offset >= 7))
                {
                    throw new RewindException(topic, 2, "the state holds 2 of them");
                }

                ScriptedHandlers.CommitBatch(batch, output);
                return default;
            },
        };

        await using var host = await HostOf(handlers, topic, ("Streaming:Consuming:FailureBudget", "1")).StartAsync();
        await handlers.HandledAsync(8).Soon();
        await host.StopAsync();

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], handlers.Handled.Select(record => record.Offset));
        Assert.Equal(10, kafka.Committed(_group, topic, 0));
    }

    [Fact]
    public async Task Consume_DependencyIsAway_IsWaitedForAndSaidSeldom()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 1, partition: 0);
        var failures = 0;
        var handlers = new ScriptedHandlers
        {
            Handle = (_, batch, output, _) =>
            {
                if (Interlocked.Increment(ref failures) <= 30)
                {
                    throw new StoreIsAwayException();
                }

                ScriptedHandlers.CommitBatch(batch, output);
                return default;
            },
        };

        await using var host = await new StreamHost(
            Broker,
            services => Wire(services.AddSingleton<IDependencyFaults, StoreFaults>(), handlers, topic),
            ("Streaming:Consuming:FailureBudget", "3"),
            ("Streaming:Consuming:RestartDelay", "00:00:00.001"),
            ("Streaming:Consuming:MaxRestartDelay", "00:00:00.010")).StartAsync();
        await handlers.HandledAsync(1).Soon();
        await host.StopAsync();

        Assert.InRange(host.Lines.Count("waits for what it depends on"), 1, 5);
        Assert.Equal(0, host.Lines.Count("Error:") + host.Lines.Count("Critical:"));
    }

    [Fact]
    public async Task Consume_FailsBeyondTheBudgetAndIsNotEssential_HostGoesOn()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 1, partition: 0);
        var failures = 0;
        var handlers = new ScriptedHandlers
        {
            Handle = (_, batch, output, _) =>
            {
                if (Interlocked.Increment(ref failures) <= 6)
                {
                    throw new InvalidDataException("not yet");
                }

                ScriptedHandlers.CommitBatch(batch, output);
                return default;
            },
        };

        await using var host = await HostOf(
            handlers,
            topic,
            ("Streaming:Consuming:Essential", "false"),
            ("Streaming:Consuming:FailureBudget", "3"),
            ("Streaming:Consuming:RestartDelay", "00:00:00.001"),
            ("Streaming:Consuming:MaxRestartDelay", "00:00:00.010")).StartAsync();
        await handlers.HandledAsync(1).Soon();

        Assert.Equal(0, host.Lines.Count("Critical:"));
        await host.StopAsync();
    }

    private StreamHost HostOf(ScriptedHandlers handlers, string topic, params (string Key, string Value)[] settings)
        => new(Broker, services => Wire(services, handlers, topic), settings);

    private void Wire(IServiceCollection services, ScriptedHandlers handlers, string topic)
        => services.AddSingleton(handlers).AddStreamConsumer<ScriptedHandler>(_group, topic);

    private sealed class StoreIsAwayException : Exception;

    private sealed class StoreFaults : IDependencyFaults
    {
        public bool IsAway(Exception fault) => fault is StoreIsAwayException;
    }
}
