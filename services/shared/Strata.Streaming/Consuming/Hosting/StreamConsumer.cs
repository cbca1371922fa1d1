using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace Strata.Streaming;

/// <summary>The life of one consumer in its host: wait for the topics, poll, and at the end drain, commit and leave the group within the budget.</summary>
internal sealed class StreamConsumer : IHostedService, IDisposable
{
    private readonly ConsumerScope _scope;
    private readonly TopicGate _gate;
    private readonly HostStop _stop;
    private readonly CancellationTokenSource _stopping;
    private readonly CancellationTokenSource _hard = new();
    private IConsumer<RecordKey, byte[]?>? _consumer;
    private Task _run = Task.CompletedTask;

    public StreamConsumer(StreamingParts parts, string group, IReadOnlyList<string> topics, IPartitionHandlerFactory factory, IHostApplicationLifetime lifetime)
    {
        _gate = parts.Gate;
        _stop = parts.Stop;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        State = new ConsumerState(group, parts.Time);
        _scope = new ConsumerScope
        {
            Group = group,
            Topics = topics,
            Options = parts.ConsumerOptions.Get(group),
            Factory = factory,
            Broker = parts.Topics,
            Questions = parts.Questions,
            Clients = parts.Clients,
            Metrics = parts.Metrics,
            Time = parts.Time,
            Logger = parts.Loggers.CreateLogger<StreamConsumer>(),
            Fatal = End,
        };
        State.Failing = () => _scope.Runners.Values.Count(runner => runner.Failing);
    }

    public ConsumerState State { get; }

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
        _scope.Commits.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await _gate.ReadyAsync(_stopping.Token);
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
        foreach (var topic in _scope.Topics)
        {
            counts[topic] = await _scope.Broker.PartitionsAsync(topic, _stopping.Token);
        }

        if (counts.Values.Distinct().Count() > 1)
        {
            throw new InvalidOperationException(
                $"{_scope.Group} reads its topics side by side, so they need the same number of partitions: {string.Join(", ", counts.Select(count => $"{count.Key} has {count.Value}"))}");
        }
    }

    private async Task ConsumeAsync()
    {
        var poll = new PollLoop(_scope, State, Restart(), CommittedAsync);
        using var consumer = poll.Build(_scope.Clients.Member(_scope.Group, _scope.Topics.Count > 1));
        _consumer = consumer;
        using var commit = new CommitLoop(_scope, consumer);
        using var commitEnd = CancellationTokenSource.CreateLinkedTokenSource(_hard.Token);
        var committing = DedicatedThread.RunAsync($"commit {_scope.Group}", () => commit.Run(commitEnd.Token));
        var polling = DedicatedThread.RunAsync($"poll {_scope.Group}", () =>
        {
            try
            {
                poll.Run(_stopping.Token);
            }
            finally
            {
                // The order in which the budget is spent: drain and commit, then end the committer, then leave the group.
                poll.GiveUp(_scope.Options.DrainBudget, _hard.Token);
                commitEnd.Cancel();
                _scope.Commits.Wake();
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
        _scope.Logger.ConsumerClosed(_scope.Group);
    }

    private Task<IReadOnlyDictionary<string, long>> CommittedAsync(int number, CancellationToken cancellationToken)
        => _scope.Questions.AskAsync<IReadOnlyDictionary<string, long>>(
            "committed offsets",
            () => _consumer!.Committed(_scope.Topics.Select(topic => new TopicPartition(topic, number)), _scope.Clients.RequestTimeout)
                .Where(position => position.Offset.Value >= 0)
                .ToDictionary(position => position.Topic, position => position.Offset.Value, StringComparer.Ordinal),
            cancellationToken);

    private ResiliencePipeline Restart()
        => _scope.Options.FailureBudget == 1 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { Name = $"restart {_scope.Group}", TimeProvider = _scope.Time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<PartitionFaultException>(),
                MaxRetryAttempts = _scope.Options.FailureBudget - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _scope.Options.RestartDelay,
                MaxDelay = _scope.Options.MaxRestartDelay,
                OnRetry = retry =>
                {
                    _scope.Logger.PartitionRestarts(_scope.Group, retry.RetryDelay, retry.AttemptNumber + 1, _scope.Options.FailureBudget);
                    return default;
                },
            })
            .Build();

    private void End(Exception fault)
    {
        State.Ended(fault.Message);
        _stop.Because($"consumer {_scope.Group}", fault);
    }
}
