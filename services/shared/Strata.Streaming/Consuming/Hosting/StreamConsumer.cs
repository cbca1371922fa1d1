using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strata.Streaming.Connecting;
using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Consuming.Partitions;
using Strata.Streaming.Consuming.Polling;

namespace Strata.Streaming.Consuming.Hosting;

/// <summary>
/// The life of one consumer in its host: wait for the topics, poll, and at the end drain, commit and leave the group within the budget.
/// </summary>
internal sealed class StreamConsumer : IHostedService, IDisposable
{
    private readonly StreamingParts _parts;
    private readonly ConsumerEnvironment _environment;
    private readonly PartitionHandlers _handlers;
    private readonly CommitSignal _commits = new();
    private readonly CancellationTokenSource _stopping;
    private readonly CancellationTokenSource _hard = new();
    private Task _run = Task.CompletedTask;

    public StreamConsumer(
        StreamingParts parts,
        string group,
        IReadOnlyList<string> topics,
        Func<PartitionContext, IPartitionHandler> create,
        IHostApplicationLifetime lifetime)
    {
        _parts = parts;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        State = new ConsumerState(group, parts.Time);
        _handlers = new PartitionHandlers(group, topics, parts.Topics, create);
        _environment = new ConsumerEnvironment(
            group, parts.ConsumerOptions.Get(group), parts.Metrics, parts.Time, parts.Loggers.CreateLogger<StreamConsumer>());
    }

    public ConsumerState State { get; }

    private string Group => _environment.Group;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _run = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        using var registration = cancellationToken.Register(_hard.Cancel);
        await _run;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _hard.Dispose();
        _commits.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await _parts.Gate.ReadyAsync(_stopping.Token);
            await CheckPartitionsAsync();
            await ConsumeAsync();
            State.Ended("the host stops");
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            State.Ended("the host stops");
        }
        catch (Exception fault)
        {
            End(fault);
        }
    }

    private async Task CheckPartitionsAsync()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var topic in _handlers.Topics)
        {
            counts[topic] = await _parts.Topics.PartitionsAsync(topic, _stopping.Token);
        }

        if (counts.Values.Distinct().Count() > 1)
        {
            var found = string.Join(", ", counts.Select(count => $"{count.Key} has {count.Value}"));
            throw new InvalidOperationException(
                $"{Group} reads its topics side by side, so they need the same number of partitions: {found}");
        }
    }

    private async Task ConsumeAsync()
    {
        var restart = PartitionRestarts.Pipeline(_environment);
        var poll = new PollLoop(
            _environment,
            _handlers.Topics,
            State,
            _parts.Clients,
            _parts.Questions,
            (port, number) => new PartitionRunner(_environment, _handlers, restart, _commits, port, number, End));
        using var consumer = poll.Consumer;
        State.Failing = () => poll.Runners.Count(runner => runner.Failing);
        using var commit = new CommitLoop(_environment, _commits, () => poll.Runners, _parts.Clients, consumer);
        using var commitEnd = CancellationTokenSource.CreateLinkedTokenSource(_hard.Token);
        var committing = DedicatedThread.RunAsync($"commit {Group}", () => commit.Run(commitEnd.Token));
        var polling = DedicatedThread.RunAsync($"poll {Group}", () =>
        {
            try
            {
                poll.Run(_stopping.Token);
            }
            finally
            {
                // The order in which the budget is spent: drain and commit, then end the committer, then leave the group.
                poll.GiveUp(_environment.Options.DrainBudget, _hard.Token);
                commitEnd.Cancel();
                _commits.Wake();
            }
        });
        await Task.WhenAny(polling, committing);
        if (committing.IsFaulted)
        {
            // Nothing can be drained without it.
            await _hard.CancelAsync();
            await _stopping.CancelAsync();
        }

        await Task.WhenAll(polling, committing);
        await Task.Run(consumer.Close);
        _environment.Logger.ConsumerClosed(Group);
    }

    private void End(Exception fault)
    {
        State.Ended(fault.Message);
        _parts.Stop.Because($"consumer {Group}", fault);
    }
}
