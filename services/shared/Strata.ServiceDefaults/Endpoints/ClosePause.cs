using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Endpoints;

/// <summary>
/// Holds the ports open for <see cref="EndpointsOptions.ClosePause"/> once the process was told to stop. The server is stopped only behind
/// this; consumers drain meanwhile.
/// </summary>
internal sealed class ClosePause(IOptions<EndpointsOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
    : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Told by a signal this was said already, by a call it is said now.
        lifetime.StopApplication();
        await Task.Delay(options.Value.ClosePause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
