using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Strata.Contracts;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Tables;

/// <summary>What tables promise on any broker.</summary>
public abstract class TableContract(BrokerFixtureBase fixture)
{
    private IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task Table_OldAndNewRecords_CatchesUpOnceAndFollows()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        await kafka.ProduceAsync(topic, 0, 500);
        await kafka.ProduceAsync(topic, Encoding.UTF8.GetBytes("k7"), null);
        var table = new MapTable(501 + 50);

        await using var host = await HostOf(table, topic).StartAsync();
        await table.Ready.Task.Soon();
        var atReady = table.Applied;
        await kafka.ProduceAsync(topic, 500, 50);
        await table.All.Task.Soon();

        Assert.True(atReady >= 501, $"caught up after {atReady} records");
        Assert.Equal(1, table.CaughtUps);
        Assert.Equal(549, table.Values.Count);
        Assert.False(table.Values.ContainsKey("k7"));
        Assert.Equal("v549", table.Values["k549"]);
    }

    [Fact]
    public async Task Table_EmptyTopics_IsCaughtUpAndHealthy()
    {
        using var kafka = new KafkaTool(Broker);
        var table = new MapTable(1);
        await using var host = HostOf(table, await kafka.TopicAsync(3), await kafka.TopicAsync(1));
        var health = host.Services.GetRequiredService<HealthCheckService>();

        var before = await health.CheckHealthAsync(
            registration => registration.Tags.Contains("ready"), TestContext.Current.CancellationToken);
        await host.StartAsync();
        await table.Ready.Task.Soon();
        await host.Lines.Seen("is caught up").Soon();
        var after = await health.CheckHealthAsync(
            registration => registration.Tags.Contains("ready"), TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Unhealthy, before.Entries["table:map"].Status);
        Assert.Equal(HealthStatus.Healthy, after.Entries["table:map"].Status);
    }

    [Fact]
    public async Task Table_RecordThatIsSkipped_IsNamedOnceAndTheTableGoesOn()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, Encoding.UTF8.GetBytes("ann"), "garbage"u8.ToArray());
        await kafka.ProduceAsync(topic, 0, 1);
        var table = new MapTable(2) { Refuses = "ann" };

        await using var host = await HostOf(table, topic).StartAsync();
        await table.All.Task.Soon();

        await host.Lines.Seen($"the record at {topic}[").Soon();
        await host.Lines.Seen($"its key hashes to {KeyHashes.Of("ann")}: it is refused").Soon();
        Assert.Equal(["k0"], table.Values.Keys);
    }

    [Fact]
    public async Task Table_HandlerThrows_HostStopsWithExitCode()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 1);
        var exitCode = Environment.ExitCode;
        try
        {
            await using var host = HostOf(new MapTable(0) { Broken = true }, topic);
            var stopping = host.Stopping;
            await host.StartAsync();
            await stopping.Soon();

            Assert.NotEqual(0, Environment.ExitCode);
        }
        finally
        {
            Environment.ExitCode = exitCode;
        }
    }

    private StreamHost HostOf(MapTable table, params string[] topics)
        => new(Broker, services => services.AddSingleton(table).AddTable<MapTable>("map", topics));

    private sealed class MapTable(int all) : ITableHandler
    {
        private int _running;

        public Dictionary<string, string> Values { get; } = [];

        public TaskCompletionSource Ready { get; } = new();

        public TaskCompletionSource All { get; } = new();

        public int CaughtUps { get; private set; }

        public int Applied { get; private set; }

        public bool Broken { get; init; }

        public string? Refuses { get; init; }

        public async ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
        {
            Assert.Equal(1, Interlocked.Increment(ref _running));
            await Task.Yield();
            Assert.False(Broken);
            foreach (var record in batch)
            {
                if (record.Key == Refuses)
                {
                    record.Skip("it is refused");
                }
                else if (record.Value is { } value)
                {
                    Values[record.Key!] = Encoding.UTF8.GetString(value.Span);
                }
                else
                {
                    Values.Remove(record.Key!);
                }
            }

            Applied += batch.Count;
            Interlocked.Decrement(ref _running);
            if (Applied == all)
            {
                All.SetResult();
            }
        }

        public void CaughtUp()
        {
            CaughtUps++;
            Ready.TrySetResult();
        }
    }
}

[Collection(OnEmbedded.Name)]
[Trait("height", "embedded")]
public sealed class TableOnEmbedded(EmbeddedBrokerFixture fixture) : TableContract(fixture);

[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class TableOnReal(RealBrokerFixture fixture) : TableContract(fixture);
