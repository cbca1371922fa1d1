using System.Globalization;
using System.Text;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Consuming;

/// <summary>Brokers are killed under a stream, one after the other.</summary>
public abstract class KilledBrokerCases(BrokerFixtureBase fixture) : TransactionCases(fixture)
{
    private const int Records = 1000;
    private const int Partitions = 3;

    /// <summary>Nothing is lost, and what was sent is held against what was read.</summary>
    /// <returns>Of each partition the offsets whose output is there more than once.</returns>
    private protected async Task<IReadOnlyList<IReadOnlyList<long>>> DoubledAsync()
    {
        Assert.SkipUnless(Broker.CanKill, $"{Broker.Name} can't be killed");
        using var kafka = new KafkaTool(Broker);
        var topic = await kafka.TopicAsync(Partitions);
        var outTopic = await kafka.TopicAsync(1);
        var nodes = Broker.BootstrapServers.Split(',').Length;
        var steps = Enumerable.Range(1, nodes).Select(_ => new TaskCompletionSource()).ToList();
        var handled = 0;
        var handlers = Copying(outTopic, batch =>
        {
            for (var (step, now) = (0, Interlocked.Add(ref handled, batch.Count)); step < nodes && now > StepAt(step); step++)
            {
                steps[step].TrySetResult();
            }

            return Task.CompletedTask;
        });
        await using var host = await HostOf(
            handlers,
            topic,
            ("Streaming:Consuming:BatchSize", "20"),
            ("Streaming:Producer:message.timeout.ms", "60000")).StartAsync();

        // A hundred more than it takes to come to the next step: some are on their way as the broker dies.
        var publishing = Task.WhenAll(Enumerable.Range(0, Records).Select(async i =>
        {
            await Task.WhenAll(steps.Where((_, step) => i >= StepAt(step) + 100).Select(step => step.Task));
            await host.Publisher.PublishAsync(topic, $"k{i}", null, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        }));
        for (var node = 1; node <= nodes; node++)
        {
            await steps[node - 1].Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await Broker.KillAsync(node);
            await Broker.UpAsync(node);
        }

        await publishing.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await AllCommittedAsync(kafka, topic, Records);
        await host.StopAsync();

        var outputs = kafka.ReadAll(outTopic).Select(record => Encoding.UTF8.GetString(record.Message.Key!)).ToList();
        Assert.Equal(
            kafka.ReadAll(topic).Select(record => $"{record.Partition.Value}:{record.Offset.Value}").Order(), outputs.Distinct().Order());
        Assert.Equal(Records, outputs.Distinct().Count());
        return
        [
            .. Enumerable.Range(0, Partitions).Select(partition => outputs.CountBy(key => key)
                .Where(pair => pair.Value > 1 && pair.Key.StartsWith($"{partition}:", StringComparison.Ordinal))
                .Select(pair => long.Parse(pair.Key.Split(':')[1], CultureInfo.InvariantCulture))
                .Order().ToList()),
        ];

        int StepAt(int step) => Records * (step + 1) / (nodes + 1);
    }
}
