using Microsoft.Extensions.Hosting;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Topology;

/// <summary>
/// Opens when the topics are there. Consumers, tables and publishers wait for it; whoever comes first starts the provisioning.
/// </summary>
internal sealed class TopicGate : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping;
    private readonly CancellationToken _stopped;
    private readonly Lazy<Task> _ready;
    private readonly HostStop _stop;

    public TopicGate(TopicProvisioning provisioning, HostStop stop, IHostApplicationLifetime lifetime)
    {
        _stop = stop;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        _stopped = _stopping.Token; // asked now: a host may be let go before the pool comes to what was started
        _ready = new Lazy<Task>(() => Task.Run(() => provisioning.RunAsync(_stopped)));
    }

    public ValueTask ReadyAsync(CancellationToken cancellationToken)
        => _ready.Value.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(_ready.Value.WaitAsync(cancellationToken));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = WatchAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await _stopping.CancelAsync();

    public void Dispose()
    {
        if (!_stopped.IsCancellationRequested)
        {
            _stopping.Cancel(); // a host may be let go that was never stopped
        }

        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            await _ready.Value;
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            // The host ends before the topics were there; what is asked then finds clients that are let go already.
        }
        catch (Exception fault)
        {
            _stop.Because("topics", fault);
        }
    }
}
