using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts;
using Strata.Contracts.DeadLetters.V1;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>What consuming and sending in one step promises.</summary>
public abstract class TransactionContract(BrokerFixtureBase fixture) : TransactionCases(fixture)
{
    [Fact]
    public async Task Rebalance_InMidBatch_NoOutputLostOrDoubled()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(4);
        var outTopic = await kafka.TopicAsync(2);
        await kafka.ProduceAsync(topic, 0, 400);
        var inBatch = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var handlers = Copying(outTopic, async batch =>
        {
            if (batch.Any(record => record.Offset >= 40))
            {
                inBatch.TrySetResult();
                await release.Task;
            }
        });

        await using var first = await HostOf(handlers, topic, ("Streaming:Consuming:BatchSize", "20")).StartAsync();
        await inBatch.Task.Soon();
        await using var second = await HostOf(handlers, topic, ("Streaming:Consuming:BatchSize", "20")).StartAsync();
        await first.Lines.Seen("are revoked and drained").Soon();
        release.SetResult();
        await kafka.ProduceAsync(topic, 400, 400);
        await AllCommittedAsync(kafka, topic, 800);
        await second.Lines.Seen("goes on at").Soon();
        await first.StopAsync();
        await second.StopAsync();

        AssertEachOnce(kafka, topic, outTopic, 800, rebalanced: true);
    }

    [Fact]
    public async Task Rebalance_BatchOutlastsBudget_OldOwnerCommitsNothing()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        var outTopic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 10, partition: 0);
        var inBatch = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var late = new TaskCompletionSource<Exception?>();
        var slow = new ScriptedHandlers
        {
            Handle = async (_, batch, output, _) =>
            {
                inBatch.TrySetResult();
                await release.Task; // deaf to its token
                late.SetResult(Record.Exception(() => Copy(outTopic, batch, output)));
            },
        };
        var quick = Copying(outTopic, _ => Task.CompletedTask);

        var first = await HostOf(slow, topic, ("Streaming:Consuming:DrainBudget", "00:00:00.500")).StartAsync();
        await inBatch.Task.Soon();
        await first.StopAsync();
        await using var second = await HostOf(quick, topic).StartAsync();
        await quick.HandledAsync(10).Soon();
        release.SetResult();
        Assert.IsType<InvalidOperationException>(await late.Task.Soon());
        await first.DisposeAsync();
        await second.StopAsync();

        Assert.Equal(1, first.Lines.Count("was not drained within"));
        AssertEachOnce(kafka, topic, outTopic, 10);
    }

    [Fact]
    public async Task Commit_HandlerFailsAfterSending_ItsOutputIsVoid()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        var outTopic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 30, partition: 0);
        var failures = 0;
        var handlers = new ScriptedHandlers
        {
            Handle = (_, batch, output, _) =>
            {
                Copy(outTopic, batch, output);
                ScriptedHandlers.CommitBatch(batch, output);
                return batch.Any(record => record.Offset == 15) && failures++ == 0
                    ? throw new InvalidDataException("after sending and committing")
                    : default;
            },
        };

        await using var host = await HostOf(
            handlers, topic, ("Streaming:Consuming:BatchSize", "10"), ("Streaming:Consuming:RestartDelay", "00:00:00.010")).StartAsync();
        await AllCommittedAsync(kafka, topic, 30);
        await host.StopAsync();

        AssertEachOnce(kafka, topic, outTopic, 30);
    }

    [Fact]
    public async Task Commit_ManyBatches_OverlapsWithHandling()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        var outTopic = await kafka.TopicAsync(1);
        await kafka.ProduceAsync(topic, 0, 200, partition: 0);
        var uncommittedBatches = 0;
        var handlers = new ScriptedHandlers
        {
            Handle = (_, batch, output, _) =>
            {
                uncommittedBatches += batch[0].Offset > output.Committed(topic) ? 1 : 0;
                Copy(outTopic, batch, output);
                ScriptedHandlers.CommitBatch(batch, output);
                return default;
            },
        };

        await using var host = await HostOf(handlers, topic, ("Streaming:Consuming:BatchSize", "2")).StartAsync();
        await handlers.HandledAsync(200).Soon();
        await host.StopAsync();

        Assert.True(uncommittedBatches > 0, "no batch was handled while an earlier one waited for its commit");
        AssertEachOnce(kafka, topic, outTopic, 200);
    }

    [Fact]
    public async Task DeadLetter_AnyRecord_CarriesEverything()
    {
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(1);
        await kafka.TopicAsync(1, Topics.DeadLettersOf(topic));
        byte[] foreignKey = [0xff, 0xfe, 1];
        await kafka.ProduceAsync(topic, foreignKey, [1, 2, 3], 0, new Headers { { "h", [9] } });
        await kafka.ProduceAsync(topic, (byte[]?)null, null, 0);
        var handlers = new ScriptedHandlers
        {
            Handle = (_, batch, output, _) =>
            {
                foreach (var record in batch)
                {
                    output.DeadLetter(record, "no such message", new InvalidDataException("x"));
                }

                ScriptedHandlers.CommitBatch(batch, output);
                return default;
            },
        };

        await using var host = await HostOf(handlers, topic).StartAsync();
        await handlers.HandledAsync(2).Soon();
        await host.StopAsync();

        var dead = kafka.ReadAll(Topics.DeadLettersOf(topic));
        Assert.All(dead, record => Assert.Equal(0, record.Partition.Value));
        var letters = dead.Select(record => DeadLetter.Parser.ParseFrom(record.Message.Value)).OrderBy(letter => letter.Offset).ToList();
        Assert.Equal(2, letters.Count);
        Assert.Equal(foreignKey, letters[0].Key.ToByteArray());
        Assert.Equal(foreignKey, dead[0].Message.Key);
        Assert.Equal([1, 2, 3], letters[0].Value.ToByteArray());
        Assert.Equal("h", letters[0].Headers.Single().Name);
        Assert.Equal([9], letters[0].Headers.Single().Value.ToByteArray());
        Assert.Equal((topic, 0, 0L), (letters[0].Topic, letters[0].Partition, letters[0].Offset));
        Assert.Equal("no such message", letters[0].Reason);
        Assert.Equal(typeof(InvalidDataException).FullName, letters[0].ErrorType);
        Assert.Equal(Group, letters[0].Group);
        Assert.NotEqual("", letters[0].Host);
        Assert.False(letters[1].HasKey);
        Assert.False(letters[1].HasValue);
        Assert.Equal(2, kafka.Committed(Group, topic, 0));
    }
}

[Collection(OnEmbedded.Name)]
[Trait("height", "embedded")]
public sealed class TransactionsOnEmbedded(EmbeddedBrokerFixture fixture) : TransactionContract(fixture);
