using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Strata.Contracts.DeadLetters.V1;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>What tests of consuming and sending in one step share: handlers that copy, and counting what they sent.</summary>
public abstract class TransactionCases(BrokerFixtureBase fixture)
{
    protected string Group { get; } = $"g{Guid.NewGuid():N}"[..9];

    protected IBroker Broker { get; } = fixture.Broker;

    /// <summary>
    /// Waits until the group has committed so many records. To count what handlers took is not enough: what an aborted transaction held is
    /// handled again.
    /// </summary>
    private protected Task AllCommittedAsync(KafkaTool kafka, string topic, int count, TimeSpan? within = null)
    {
        return Patience.UntilAnsweredAsync(Reached, within ?? TimeSpan.FromSeconds(90));

        bool Reached()
        {
            try
            {
                return Enumerable.Range(0, kafka.Partitions(topic))
                    .Sum(partition => Math.Max(0, kafka.Committed(Group, topic, partition))) == count;
            }
            catch (KafkaException)
            {
                return false; // the broker is up before its group coordinator is
            }
        }
    }

    /// <summary>
    /// Each record has one output. Over a rebalance it may have several where the broker shows what was in aborted transactions and keeps
    /// positions apart from them: what it had in hand is up to the clock there.
    /// </summary>
    private protected void AssertEachOnce(KafkaTool kafka, string topic, string outTopic, int count, bool rebalanced = false)
    {
        var expected = kafka.ReadAll(topic).Select(record => $"{record.Partition.Value}:{record.Offset.Value}").Order().ToList();
        var outputs = kafka.ReadAll(outTopic).Select(record => Encoding.UTF8.GetString(record.Message.Key!)).Order().ToList();
        Assert.Equal(count, expected.Count);
        Assert.Equal(expected, rebalanced && !Broker.IsolatesTransactions ? outputs.Distinct() : outputs);
    }

    /// <summary>Handlers that send one message for each record, named by its partition and offset.</summary>
    private protected static ScriptedHandlers Copying(string outTopic, Func<IReadOnlyList<StreamRecord>, Task> before) => new()
    {
        Handle = async (_, batch, output, _) =>
        {
            await before(batch);
            if (batch.Count > 0)
            {
                Copy(outTopic, batch, output);
                ScriptedHandlers.CommitBatch(batch, output);
            }
        },
    };

    private protected StreamHost HostOf(ScriptedHandlers handlers, string topic, params (string Key, string Value)[] settings)
        => new(Broker, services => services.AddSingleton(handlers).AddStreamConsumer<ScriptedHandler>(Group, topic), settings);

    private protected static void Copy(string outTopic, IReadOnlyList<StreamRecord> batch, PartitionOutput output)
    {
        foreach (var record in batch)
        {
            output.Send(outTopic, $"{record.Partition}:{record.Offset}", new DeadLetter { Offset = record.Offset }, record.Timestamp);
        }
    }
}
