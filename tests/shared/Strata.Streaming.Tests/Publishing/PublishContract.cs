using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts.DeadLetters.V1;
using Strata.Streaming.Publishing;
using Strata.Streaming.Tests.Harness;
using Strata.Streaming.Topology;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Publishing;

/// <summary>What publishing promises on any broker.</summary>
public abstract class PublishContract(BrokerFixtureBase fixture)
{
    private static readonly DateTimeOffset Time = new(2001, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);

    internal IBroker Broker { get; } = fixture.Broker;

    [Fact]
    public async Task Publish_AnyKey_LandsWhereKeyPartitionerSays()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(12);
        await using var host = await new StreamHost(Broker).StartAsync();
        var partitions = await host.Topics.PartitionsAsync(topic, TestContext.Current.CancellationToken);
        string[] some = ["", "a", "ab", "abc", "abcd", "user-17", "ключ", "日本語", "😀"];
        string[] keys = [.. some, .. Enumerable.Range(0, 200).Select(i => $"u{i * 7919}")];

        var published = await Task.WhenAll(
            keys.Select(key => host.Publisher.PublishAsync(topic, key, null, Time, TestContext.Current.CancellationToken)));

        Assert.Equal(keys.Select(key => KeyPartitioner.PartitionOf(key, partitions)), published.Select(position => position.Partition));
        var lying = kafka.ReadAll(topic)
            .ToDictionary(record => Encoding.UTF8.GetString(record.Message.Key ?? []), record => record.TopicPartitionOffset);
        Assert.All(keys.Zip(published), pair =>
        {
            Assert.Equal((pair.Second.Partition, pair.Second.Offset), (lying[pair.First].Partition.Value, lying[pair.First].Offset.Value));
        });
    }

    [Fact]
    public async Task Publish_PartitionAskedFor_LandsThereWithLogIdentity()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        await using var host = await new StreamHost(Broker).StartAsync();

        var position = await host.Publisher.PublishAsync(
            topic, "a", new DeadLetter { Reason = "r" }, Time, TestContext.Current.CancellationToken, partition: 2);

        Assert.Equal((2, 0L), (position.Partition, position.Offset));
        Assert.Equal(await host.Topics.LogAsync(topic, 2, TestContext.Current.CancellationToken), position.Log);
        var record = Assert.Single(kafka.ReadAll(topic));
        Assert.Equal("r", DeadLetter.Parser.ParseFrom(record.Message.Value).Reason);
    }

    [Fact]
    public async Task PublishAll_Many_AllLieWhereTheyAreSaidToLie()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        await using var host = await new StreamHost(Broker).StartAsync();

        var positions = await BatchOf(host, topic, "a", 300);
        await BatchOf(host, topic, "b", 2);

        var lying = kafka.ReadAll(topic).ToDictionary(record => Encoding.UTF8.GetString(record.Message.Key!));
        Assert.Equal(302, lying.Count);
        Assert.All(Enumerable.Range(0, 300), i => Assert.Equal(
            (positions[i].Partition, positions[i].Offset), (lying[$"a{i}"].Partition.Value, lying[$"a{i}"].Offset.Value)));
    }

    [Fact]
    public async Task PublishAll_OneTooLarge_NoneIsSentAndItIsNamed()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(3);
        await using var host = await new StreamHost(Broker).StartAsync();

        var fault = await Assert.ThrowsAsync<PublishException>(() => BatchOf(host, topic, "a", 50, large: 20, bytes: 2_000_000));
        await BatchOf(host, topic, "b", 1);

        Assert.Equal((20, false), (fault.Index, fault.Transient));
        Assert.Contains("too large", fault.Message, StringComparison.Ordinal);
        Assert.Equal("b0", Encoding.UTF8.GetString(Assert.Single(kafka.ReadAll(topic)).Message.Key!));
    }

    internal static Task<IReadOnlyList<PublishedPosition>> BatchOf(
        StreamHost host, string topic, string prefix, int count, int large = -1, int bytes = 0, CancellationTokenSource? until = null)
        => host.Services.GetRequiredService<IBatchPublisher>().PublishAllAsync(
            topic,
            [
                .. Enumerable.Range(0, count).Select(i => KeyValuePair.Create(
                    $"{prefix}{i}", (IMessage)new DeadLetter { Value = Noise(i == large ? bytes : 100) })),
            ],
            Time,
            until?.Token ?? TestContext.Current.CancellationToken);

    // As large on the way as it is: batches are compressed.
    private static ByteString Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(bytes).NextBytes(noise);
        return ByteString.CopyFrom(noise);
    }

    [Fact]
    public async Task Publish_TooLarge_IsRefusedForGood()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await using var host = await new StreamHost(Broker).StartAsync();
        var large = new DeadLetter { Value = ByteString.CopyFrom(new byte[2_000_000]) };

        var fault = await Assert.ThrowsAsync<PublishException>(
            () => host.Publisher.PublishAsync(topic, "a", large, Time, TestContext.Current.CancellationToken));

        Assert.False(fault.Transient);
        Assert.Contains("too large", fault.Message, StringComparison.Ordinal);
        Assert.Contains(topic, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_NoSuchPartition_IsRefused()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await using var host = await new StreamHost(Broker, null, ("Streaming:Producer:message.timeout.ms", "2000")).StartAsync();

        await Assert.ThrowsAsync<PublishException>(
            () => host.Publisher.PublishAsync(topic, "a", null, Time, TestContext.Current.CancellationToken, partition: 99));
    }
}

[Collection(OnEmbedded.Name)]
[Trait("height", "embedded")]
public sealed class PublishOnEmbedded(EmbeddedBrokerFixture fixture) : PublishContract(fixture)
{
    [Fact]
    public async Task Publish_BrokerIsAway_MaySucceedLater()
    {
        await using var gone = BrokerChoice.Embedded();
        await using var host = await new StreamHost(gone, null, ("Streaming:Producer:message.timeout.ms", "5000")).StartAsync();
        await host.Publisher.PublishAsync("topic", "a", null, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        await gone.DisposeAsync();

        var fault = await Assert.ThrowsAsync<PublishException>(
            () => host.Publisher.PublishAsync("topic", "a", null, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken));

        Assert.True(fault.Transient);
    }
}

[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class PublishOnReal(RealBrokerFixture fixture) : PublishContract(fixture);
