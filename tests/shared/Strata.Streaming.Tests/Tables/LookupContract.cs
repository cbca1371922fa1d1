using Microsoft.Extensions.DependencyInjection;
using Strata.Streaming.Tables;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Tables;

/// <summary>What looking up single records promises on any broker.</summary>
public abstract class LookupContract(BrokerFixtureBase fixture)
{
    protected IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task ReadAt_SomeOffsets_GivesThoseThatAreThere()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 20, partition: 0);
        await using var host = await new StreamHost(Broker).StartAsync();
        var reader = host.Services.GetRequiredService<IPartitionReader>();

        var all = await ReadAsync(reader, topic, [.. Enumerable.Range(0, 20)]);
        var some = await ReadAsync(reader, topic, [17, 3, 99]);

        Assert.Equal(20, all.Values.Distinct().Count());
        Assert.Equal([(3, all[3]), (17, all[17])], some.Select(entry => (entry.Key, entry.Value)).Order());
        Assert.Empty(await ReadAsync(reader, topic, []));
    }

    protected static async Task<Dictionary<long, string>> ReadAsync(IPartitionReader reader, string topic, long[] offsets)
        => (await reader.ReadAtAsync(topic, 0, offsets, TestContext.Current.CancellationToken).AsTask().Soon())
            .ToDictionary(entry => entry.Key, entry => entry.Value.Key!);
}

[Trait("height", "embedded")]
[Collection(OnEmbedded.Name)]
public sealed class LookupOnEmbedded(EmbeddedBrokerFixture fixture) : LookupContract(fixture);

[Trait("height", "real")]
[Collection(OnReal.Name)]
public sealed class LookupOnReal(RealBrokerFixture fixture) : LookupContract(fixture)
{
    [Fact]
    public async Task ReadAt_WhatRetentionTook_IsNotAmongThem()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 20);
        await kafka.DeleteBelowAsync(topic, 0, 10);
        await using var host = await new StreamHost(Broker).StartAsync();

        var read = await ReadAsync(host.Services.GetRequiredService<IPartitionReader>(), topic, [3, 12]);

        Assert.Equal([12], read.Keys);
    }
}
