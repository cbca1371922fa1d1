using Microsoft.Extensions.Hosting;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Topology;

/// <summary>
/// Opens when the topics are there. Consumers, tables and publishers wait for it; whoever comes first starts the provisioning.
/// </summary>
internal sealed class TopicGate : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping;
    private readonly Lazy<Task> _ready;
    private readonly HostStop _stop;

    public TopicGate(TopicProvisioning provisioning, HostStop stop, IHostApplicationLifetime lifetime)
    {
        _stop = stop;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        _ready = new Lazy<Task>(() => Task.Run(() => provisioning.RunAsync(_stopping.Token)));
    }

    public ValueTask ReadyAsync(CancellationToken cancellationToken)
        => _ready.Value.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(_ready.Value.WaitAsync(cancellationToken));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = WatchAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();

    private async Task WatchAsync()
    {
        try
        {
            await _ready.Value;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host ends before the topics were there.
        }
        catch (Exception fault)
        {
            _stop.Because("topics", fault);
        }
    }
}
