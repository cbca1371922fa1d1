using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Endpoints;

namespace Strata.ServiceDefaults.Access;

/// <summary>
/// Reads what access and TLS rest on before the ports open, so that a file that cannot be read stops the start; and says who may call, and
/// whether what is said can be overheard.
/// </summary>
internal sealed class AccessNotice(
    IOptions<AccessOptions> access,
    IOptions<EndpointsOptions> endpoints,
    ListenAddress address,
    IServiceProvider services,
    ILogger<AccessNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Read();
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

    private void Read()
    {
        services.GetRequiredService<ApiKeyRing>();
        services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        if (endpoints.Value.CertificateFile.Length > 0)
        {
            _ = services.GetRequiredService<Certificate>().Current;
        }
    }
}
