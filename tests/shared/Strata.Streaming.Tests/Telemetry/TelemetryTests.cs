using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Strata.Streaming.Telemetry;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Telemetry;

[Collection(OnEmbedded.Name)]
[Trait("height", "embedded")]
public sealed class TelemetryTests(EmbeddedBrokerFixture fixture)
{
    private readonly string _group = $"g{Guid.NewGuid():N}"[..9];

    private IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task Trace_FromPublishOverHandlerToOutput_IsOne()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        var outTopic = await kafka.TopicAsync(1);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Tracing.SourceName or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        ActivityTraceId inHandler = default;
        var handlers = new ScriptedHandlers
        {
            Handle = (_, batch, output, _) =>
            {
                inHandler = Activity.Current?.TraceId ?? default;
                output.Send(outTopic, "k", null, batch[0].Timestamp);
                ScriptedHandlers.CommitBatch(batch, output);
                return default;
            },
        };
        await using var host = await HostOf(handlers, topic).StartAsync();

        ActivityTraceId trace;
        using (var request = source.StartActivity("request"))
        {
            trace = request!.TraceId;
            await host.Publisher.PublishAsync(topic, "k", null, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        }

        await handlers.HandledAsync(1).Soon();
        await host.StopAsync();

        Assert.Equal(trace, inHandler);
        var send = spans.Single(span => span.OperationName == $"send {topic}");
        var process = spans.Single(span => span.OperationName == $"process {topic}");
        Assert.Equal((ActivityKind.Producer, ActivityKind.Consumer), (send.Kind, process.Kind));
        Assert.Equal(send.SpanId, process.Links.Single().Context.SpanId);
        Assert.Equal(_group, process.GetTagItem("messaging.consumer.group.name"));
        var header = kafka.ReadAll(outTopic).Single().Message.Headers.Single(header => header.Key == "traceparent");
        Assert.Contains(
            process.SpanId.ToHexString(), System.Text.Encoding.ASCII.GetString(header.GetValueBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lag_HandlerHoldsThenGoesOn_RisesAndFalls()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 10, partition: 0);
        var release = new TaskCompletionSource();
        var handlers = new ScriptedHandlers
        {
            Handle = async (_, batch, output, _) =>
            {
                await release.Task;
                ScriptedHandlers.CommitBatch(batch, output);
            },
        };
        var (lag, age) = (-1L, -1.0);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meter) =>
        {
            if (instrument is { Name: "strata.stream.lag" or "strata.stream.lag.age", Meter.Name: Tracing.SourceName })
            {
                meter.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => lag = IsOfThePartition(tags) ? value : lag);
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => age = IsOfThePartition(tags) ? value : age);
        listener.Start();

        await using var host = await HostOf(handlers, topic).StartAsync();
        await Patience.UntilAsync(() => Observe() == 10 && age > 1);
        release.SetResult();
        await Patience.UntilAsync(() => Observe() == 0 && age == 0);

        bool IsOfThePartition(ReadOnlySpan<KeyValuePair<string, object?>> tags)
            => tags.ToArray() is var all
                && all.Any(tag => topic.Equals(tag.Value))
                && all.Any(tag => tag is { Key: "messaging.destination.partition.id", Value: 0 });

        long Observe()
        {
            listener.RecordObservableInstruments();
            return lag;
        }
    }

    [Fact]
    public async Task Health_ConsumerJoins_BecomesReady()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 1);
        var handlers = new ScriptedHandlers();
        await using var host = HostOf(handlers, topic);
        var health = host.Services.GetRequiredService<HealthCheckService>();

        var before = await health.CheckHealthAsync(
            registration => registration.Tags.Contains("ready"), TestContext.Current.CancellationToken);
        await host.StartAsync();
        await handlers.HandledAsync(1).Soon();
        var during = await health.CheckHealthAsync(
            registration => registration.Tags.Contains("ready"), TestContext.Current.CancellationToken);
        await host.StopAsync();
        var after = await health.CheckHealthAsync(
            registration => registration.Tags.Contains("ready"), TestContext.Current.CancellationToken);

        Assert.Equal([HealthStatus.Unhealthy, HealthStatus.Healthy, HealthStatus.Unhealthy], [before.Status, during.Status, after.Status]);
        Assert.Contains($"consumer:{_group}", during.Entries.Keys);
    }

    private StreamHost HostOf(ScriptedHandlers handlers, string topic)
        => new(Broker, services => services.AddSingleton(handlers).AddStreamConsumer<ScriptedHandler>(_group, topic));
}
