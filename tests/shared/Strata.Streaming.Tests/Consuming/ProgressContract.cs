using Microsoft.Extensions.DependencyInjection;
using Strata.Streaming.Tests.Harness;
using Strata.Streaming.Topology;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>What is said of other groups' progress, on any broker.</summary>
public abstract class ProgressContract(BrokerFixtureBase fixture)
{
    private readonly string _group = $"g{Guid.NewGuid():N}"[..9];

    private IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task HasReadAll_GroupBehindAndThenAtTheEnd_SaysSo()
    {
        using var kafka = new KafkaTool(Broker);
        var (topic, empty) = (await kafka.TopicAsync(3), await kafka.TopicAsync(2));
        await kafka.ProduceAsync(topic, 0, 60);
        var handlers = new ScriptedHandlers();
        await using var host = await HostOf(handlers, topic).StartAsync();
        await handlers.HandledAsync(60).Soon();
        var progress = host.Services.GetRequiredService<IGroupProgress>();

        await Patience.UntilAnsweredAsync(
            () => progress.HasReadAllAsync(_group, topic, CancellationToken.None).AsTask().GetAwaiter().GetResult(), Patience.Limit);

        Assert.True(await progress.HasReadAllAsync("nobody", empty, TestContext.Current.CancellationToken));
        Assert.False(await progress.HasReadAllAsync("nobody", topic, TestContext.Current.CancellationToken));
        await host.StopAsync();
        await kafka.ProduceAsync(topic, 60, 1);
        await using var other = HostOf(new ScriptedHandlers(), empty);
        Assert.False(await other.Services.GetRequiredService<IGroupProgress>()
            .HasReadAllAsync(_group, topic, TestContext.Current.CancellationToken));
    }

    private StreamHost HostOf(ScriptedHandlers handlers, string topic)
        => new(
            Broker,
            services =>
            {
                services.AddSingleton(handlers);
                services.AddStreamConsumer<ScriptedHandler>(_group, topic);
            });
}

[Collection(OnEmbedded.Name)]
[Trait("height", "embedded")]
public sealed class ProgressOnEmbedded(EmbeddedBrokerFixture fixture) : ProgressContract(fixture);

[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class ProgressOnReal(RealBrokerFixture fixture) : ProgressContract(fixture);
