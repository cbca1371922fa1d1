using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Consuming.Partitions;
using Strata.Streaming.Consuming.Polling;
using Strata.Streaming.Telemetry;

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
    private readonly CancellationToken _stopped;
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
        _stopped = _stopping.Token; // asked now: a host may be let go before the pool comes to RunAsync
        _handlers = new PartitionHandlers(group, topics, parts.Topics, create);
        _environment = new ConsumerEnvironment(
            group, parts.ConsumerOptions.Get(group), parts.Metrics, parts.Time, parts.Loggers.CreateLogger<StreamConsumer>());
        State = new ConsumerState(group, parts.Time, _environment.Options.Essential);
    }

    public ConsumerState State { get; }

    private string Group => _environment.Group;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _environment.Metrics.Consumes(Group, _handlers.Topics);
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
        if (!_stopped.IsCancellationRequested)
        {
            _stopping.Cancel(); // a host may be let go that was never stopped
        }

        _stopping.Dispose();
        _hard.Dispose();
        _commits.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await _parts.Gate.ReadyAsync(_stopped);
            await CheckPartitionsAsync();
            await ConsumeAsync();
            State.Ended("the host stops");
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            State.Ended("the host stops");
        }
        catch (Exception fault)
        {
            End(fault);
            if (!_environment.Options.Essential && !_stopped.IsCancellationRequested)
            {
                await Task.Delay(_environment.Options.MaxRestartDelay, _parts.Time, _stopped)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await RunAsync();
            }
        }
    }

    private async Task CheckPartitionsAsync()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var topic in _handlers.Topics)
        {
            counts[topic] = await _parts.Topics.PartitionsAsync(topic, _stopped);
        }

        if (counts.Values.Distinct().Count() > 1)
        {
            var found = string.Join(", ", counts.Select(count => $"{count.Key} has {count.Value}"));
            throw new InvalidOperationException(
                $"{Group} reads its topics side by side, so they need the same number of partitions: {found}");
        }
    }

    // Clients that stand still are abandoned for new ones, as often as it takes; that they stand still again and again shows in liveness.
    private async Task ConsumeAsync()
    {
        var own = new ConsumerParts(
            _parts,
            _environment,
            _handlers,
            State,
            new TransactionalNames(Group, _parts.Clients.Instance, _parts.Clients.Named),
            _commits,
            End);

        // While a transaction of a predecessor is open, the group's positions are not answered.
        for (var takesOver = _parts.Clients.Named; ; takesOver = true)
        {
            if (await new ConsumerSession(own, takesOver).RunAsync(_stopping, _hard) is not { } stall || _stopped.IsCancellationRequested)
            {
                return;
            }

            State.Stalled();
            _environment.Metrics.Restarted(Group, RestartCause.Stall, "stall");
            _environment.Logger.Stalled(Group, stall, _environment.Options.StallLimit);
            if (State.Stalls > 2)
            {
                own.Names.Renew();
            }
        }
    }

    private void End(Exception fault)
    {
        State.Ended(fault.Message);
        if (!_environment.Options.Essential)
        {
            _environment.Logger.BeginsAgain(fault, Group, _environment.Options.MaxRestartDelay);
            return;
        }

        _parts.Stop.Because($"consumer {Group}", fault);
    }
}
