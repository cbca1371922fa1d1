using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Endpoints;

namespace Strata.ServiceDefaults.Access;

/// <summary>Says at the start who may call, and whether what is said can be overheard.</summary>
internal sealed class AccessNotice(
    IOptions<AccessOptions> access, IOptions<EndpointsOptions> endpoints, ListenAddress address, ILogger<AccessNotice> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (address.IsLoopback && !access.Value.IsRequired)
        {
            logger.OpenOnLoopback(address.Text);
        }
        else if (!access.Value.IsRequired)
        {
            logger.OpenToAll(address.Text);
        }

        if (!address.IsLoopback && endpoints.Value.CertificateFile.Length == 0)
        {
            logger.PlainText(address.Text);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
