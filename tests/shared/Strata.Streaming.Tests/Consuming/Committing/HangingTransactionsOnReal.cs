using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Strata.Streaming.Consuming;
using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming.Committing;

/// <summary>
/// A broker that starts again may take partitions without a leader for deleted and end what was being committed without its markers: the
/// positions in it are never answered again.
/// </summary>
[Collection(OnReal.Name)]
[Trait("height", "real")]
public sealed class HangingTransactionsOnReal(RealBrokerFixture fixture) : TransactionCases(fixture)
{
    private const int Attempts = 4;
    private const int Busy = 12;
    private const int Partitions = 6;

    [Fact]
    public async Task TakeOver_BrokerEndedATransactionWithoutItsMarker_PositionsAreAnsweredAgain()
    {
        Assert.SkipUnless(Broker.CanKill, $"{Broker.Name} can't be killed");
        using var kafka = new KafkaTool(Broker);
        var anywhere = new TopicPartition(await kafka.TopicAsync(Partitions), 0);
        var hanging = await HangAsync(anywhere);
        Assert.SkipUnless(hanging.Count > 0, $"{Broker.Name} was killed {Attempts} times and finished every transaction");

        await using var host = new StreamHost(Broker);
        foreach (var names in hanging)
        {
            using var group = Reader(names.Group);
            using var sender = Sender(host, names, () => group.ConsumerGroupMetadata, anywhere);
            sender.TakeOver(TestContext.Current.CancellationToken);
            Assert.True(Answers(names.Group, anywhere, TimeSpan.FromSeconds(20)), $"{names.Group}, one of {hanging.Count}");
        }
    }

    private static TransactionalSender Sender(
        StreamHost host, GroupNames names, Func<IConsumerGroupMetadata> membership, TopicPartition anywhere)
    {
        var parts = host.Services.GetRequiredService<StreamingParts>();
        var environment = new ConsumerEnvironment(
            names.Group, new StreamConsumerOptions(), parts.Metrics, TimeProvider.System, NullLogger.Instance);
        return new TransactionalSender(
            parts.Clients, environment, new TransactionalNames(names.Group, GroupNames.Instance, inherited: true), membership, anywhere);
    }

    /// <summary>Kills the broker under transactions until some of them hang.</summary>
    private async Task<IReadOnlyList<GroupNames>> HangAsync(TopicPartition anywhere)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            GroupNames[] all = [.. Enumerable.Range(0, Busy).Select(number => new GroupNames($"{Group}-{attempt}-{number}"))];
            using var begun = new CountdownEvent(Busy);
            using var killed = new CancellationTokenSource();
            var busy = all.Select(names => Task.Factory.StartNew(
                () => CommitUntilKilled(names, anywhere, begun, killed.Token), TaskCreationOptions.LongRunning)).ToList();
            Assert.True(begun.Wait(Patience.Limit, TestContext.Current.CancellationToken), "transactions do not run");
            await Broker.KillAsync();
            await killed.CancelAsync();
            await Broker.UpAsync();
            await Task.WhenAll(busy);

            // What was open is ended by the next producer of the name alone; what is not answered then hangs.
            await Task.WhenAll(all.Select(names => Task.Run(() => Begin(names).Dispose())));
            var answered = await Task.WhenAll(
                all.Select(names => Task.Run(() => Answers(names.Group, anywhere, TimeSpan.FromSeconds(10)))));
            if (all.Zip(answered).Where(pair => !pair.Second).Select(pair => pair.First).ToList() is { Count: > 0 } hanging)
            {
                return hanging;
            }
        }

        return [];
    }

    private IProducer<byte[], byte[]> Begin(GroupNames names)
    {
        var settings = new ProducerConfig { BootstrapServers = Broker.BootstrapServers, TransactionalId = names.TransactionalId };
        var producer = new ProducerBuilder<byte[], byte[]>(settings)
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        producer.InitTransactions(Patience.Limit);
        return producer;
    }

    private void CommitUntilKilled(GroupNames names, TopicPartition anywhere, CountdownEvent begun, CancellationToken killed)
    {
        using var producer = Begin(names);
        using var group = Reader(names.Group);
        try
        {
            for (var offset = 0; !killed.IsCancellationRequested; offset++)
            {
                producer.BeginTransaction();
                for (var partition = 0; partition < Partitions; partition++)
                {
                    producer.Produce(new TopicPartition(anywhere.Topic, partition), new Message<byte[], byte[]> { Value = [1] });
                }

                producer.SendOffsetsToTransaction(
                    [new TopicPartitionOffset(anywhere, offset)], group.ConsumerGroupMetadata, TimeSpan.FromSeconds(3));
                producer.CommitTransaction(TimeSpan.FromSeconds(3));
                if (offset == 20)
                {
                    begun.Signal();
                }
            }
        }
        catch (KafkaException)
        {
            // the broker is gone
        }
    }

    private bool Answers(string group, TopicPartition partition, TimeSpan within)
    {
        using var reader = Reader(group);
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < within)
        {
            try
            {
                _ = reader.Committed([partition], TimeSpan.FromSeconds(2));
                return true;
            }
            catch (KafkaException)
            {
                // unstable, or the broker still loads the group
            }
        }

        return false;
    }

    private IConsumer<byte[], byte[]> Reader(string group)
        => new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = Broker.BootstrapServers,
            GroupId = group,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    private sealed record GroupNames(string Group)
    {
        public const string Instance = "one";

        public string TransactionalId => new TransactionalNames(Group, Instance).Current;
    }
}
