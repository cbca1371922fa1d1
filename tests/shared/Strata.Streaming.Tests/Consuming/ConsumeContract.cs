using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Strata.Streaming.Records;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>What consuming promises on any broker.</summary>
public abstract class ConsumeContract(BrokerFixtureBase fixture)
{
    private readonly string _group = $"g{Guid.NewGuid():N}"[..9];

    private IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task Consume_ManyRecords_EachHandledOnceInOrder()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        await kafka.ProduceAsync(topic, 0, 600);
        var handlers = new ScriptedHandlers();

        await using var host = await HostOf(handlers, topic).StartAsync();
        await handlers.HandledAsync(600).Soon();
        await host.StopAsync();

        var handled = handlers.Handled;
        Assert.Equal(Enumerable.Range(0, 600).Select(i => $"v{i}").Order(), handled.Select(Text).Order());
        foreach (var partition in handled.GroupBy(record => record.Partition))
        {
            Assert.Equal(partition.Select(record => record.Offset).Order(), partition.Select(record => record.Offset));
            Assert.Equal(partition.Count(), kafka.Committed(_group, topic, partition.Key));
        }
    }

    [Fact]
    public async Task Consume_HandlerIsSlow_ItsPartitionPausesOthersGoOn()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(2);
        var release = new TaskCompletionSource();
        var others = 0;
        var otherHandled = new TaskCompletionSource();
        var handlers = new ScriptedHandlers
        {
            Handle = async (handler, batch, output, _) =>
            {
                if (handler.Context.Partition == 0)
                {
                    await release.Task;
                }
                else if (Interlocked.Add(ref others, batch.Count) == 100)
                {
                    otherHandled.SetResult();
                }

                ScriptedHandlers.CommitBatch(batch, output);
            },
        };
        await using var host = await HostOf(
            handlers, topic, ("Streaming:Consuming:PumpCapacity", "20"), ("Streaming:Consuming:BatchSize", "10")).StartAsync();

        await kafka.ProduceAsync(topic, 0, 300, partition: 0);
        await host.Lines.Seen("partition 0 is paused").Soon();
        var pausedBefore = host.Lines.Count("partition 0 is paused");
        await kafka.ProduceAsync(topic, 300, 100, partition: 1);
        await otherHandled.Task.Soon();
        Assert.DoesNotContain(handlers.Handled, record => record.Partition == 0);
        release.SetResult();
        await handlers.HandledAsync(400).Soon();

        Assert.True(pausedBefore >= 1);
        await host.Lines.Seen("partition 0 is resumed").Soon();
        Assert.Equal(
            Enumerable.Range(0, 300).Select(i => (long)i),
            handlers.Handled.Where(record => record.Partition == 0).Select(record => record.Offset));
    }

    [Fact]
    public async Task Consume_HandlerFailsTwice_StartsAgainFromCommitted()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 10, partition: 0);
        var failures = 0;
        var handlers = new ScriptedHandlers
        {
            Handle = (_, batch, output, _) =>
            {
                foreach (var record in batch)
                {
                    if (record.Offset == 5 && Interlocked.Increment(ref failures) <= 2)
                    {
                        throw new InvalidDataException("not yet");
                    }
                }

                ScriptedHandlers.CommitBatch(batch, output);
                return default;
            },
        };

        await using var host = await HostOf(
            handlers, topic, ("Streaming:Consuming:BatchSize", "3"), ("Streaming:Consuming:RestartDelay", "00:00:00.010")).StartAsync();
        await handlers.HandledAsync(10).Soon();
        await host.StopAsync();

        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => (long)i),
            handlers.Handled.Where(record => record.Partition == 0).Select(record => record.Offset).Distinct());
        Assert.Equal(3, handlers.Created.Count(context => context.Partition == 0));
        Assert.Equal(10, kafka.Committed(_group, topic, 0));
    }

    [Fact]
    public async Task Consume_HandlerAlwaysFails_HostStopsWithExitCode()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 1, partition: 0);
        var handlers = new ScriptedHandlers { Handle = (_, _, _, _) => throw new InvalidDataException("never") };
        var exitCode = Environment.ExitCode;
        try
        {
            await using var host = new StreamHost(
                Broker,
                services => Wire(services, handlers, topic),
                ("Streaming:Consuming:FailureBudget", "3"),
                ("Streaming:Consuming:RestartDelay", "00:00:00.010"));
            var stopping = host.Stopping;
            await host.StartAsync();
            await stopping.Soon();

            Assert.NotEqual(0, Environment.ExitCode);
            Assert.Equal(3, handlers.Created.Count(context => context.Partition == 0));
        }
        finally
        {
            Environment.ExitCode = exitCode;
        }
    }

    [Fact]
    public async Task Stop_HandlerCommitsOnlyWhenDrained_IsCommitted()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        var outTopic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 7, partition: 0);
        var handlers = new ScriptedHandlers
        {
            Handle = (_, batch, output, _) =>
            {
                foreach (var record in batch)
                {
                    output.Send(outTopic, record.Key, null, record.Timestamp);
                }

                return default;
            },
            Drain = (handler, output) =>
            {
                if (handler.Context.Partition == 0)
                {
                    output.Commit(topic, 7);
                }
            },
        };

        await using var host = await HostOf(handlers, topic).StartAsync();
        await handlers.HandledAsync(7).Soon();
        Assert.True(kafka.Committed(_group, topic, 0) < 0);
        await host.StopAsync();

        Assert.Equal(7, kafka.Committed(_group, topic, 0));
        Assert.Equal(7, kafka.ReadAll(outTopic).Count);
    }

    [Fact]
    public async Task Consume_TwoTopics_SameNumberGoesToOneHandler()
    {
        using var kafka = new KafkaTool(Broker);
        var first = await kafka.TopicAsync(3);
        var second = await kafka.TopicAsync(3);
        await kafka.ProduceAsync(first, 0, 90);
        await kafka.ProduceAsync(second, 0, 90);
        var handlers = new ScriptedHandlers();

        await using var host = await new StreamHost(Broker, services => Wire(services, handlers, first, second)).StartAsync();
        await handlers.HandledAsync(180).Soon();
        await host.StopAsync();

        Assert.Equal(handlers.Created.Count, handlers.Created.Select(context => context.Partition).Distinct().Count());
        foreach (var context in handlers.Created)
        {
            Assert.Equal([first, second], context.Logs.Keys);
            Assert.NotEqual(context.Logs[first], context.Logs[second]);
        }

        Assert.Equal(90, handlers.Handled.Count(record => record.Topic == first));
        foreach (var partition in handlers.Handled.GroupBy(record => (record.Topic, record.Partition)))
        {
            Assert.Equal(partition.Count(), kafka.Committed(_group, partition.Key.Topic, partition.Key.Partition));
        }
    }

    [Fact]
    public async Task Consume_OldEvent_KeepsItsTime()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        var time = new DateTimeOffset(1998, 7, 6, 5, 4, 3, 210, TimeSpan.Zero);
        var handlers = new ScriptedHandlers();
        await using var host = await HostOf(handlers, topic).StartAsync();

        await host.Publisher.PublishAsync(topic, "k", null, time, TestContext.Current.CancellationToken);
        await handlers.HandledAsync(1).Soon();

        Assert.Equal(time, handlers.Handled[0].Timestamp);
        Assert.Null(handlers.Handled[0].Value);
    }

    private static string Text(StreamRecord record) => Encoding.UTF8.GetString(record.Value!.Value.Span);

    private StreamHost HostOf(ScriptedHandlers handlers, string topic, params (string Key, string Value)[] settings)
        => new(Broker, services => Wire(services, handlers, topic), settings);

    private void Wire(IServiceCollection services, ScriptedHandlers handlers, params string[] topics)
    {
        services.AddSingleton(handlers);
        services.AddStreamConsumer<ScriptedHandler>(_group, topics);
    }
}

[Collection(OnEmbedded.Name)]
[Trait("height", "embedded")]
public sealed class ConsumeOnEmbedded(EmbeddedBrokerFixture fixture) : ConsumeContract(fixture);

[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class ConsumeOnReal(RealBrokerFixture fixture) : ConsumeContract(fixture);
