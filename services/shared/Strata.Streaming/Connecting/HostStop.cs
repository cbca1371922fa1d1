using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Strata.Streaming.Connecting;

/// <summary>Ends the host: a process that is up and consumes nothing is the worst fault of all.</summary>
internal sealed class HostStop(IHostApplicationLifetime lifetime, ILogger<HostStop> logger)
{
    /// <summary>Exit code of a process that ends by a fault.</summary>
    public const int ExitCode = 70;

    public void Because(string part, Exception fault)
    {
        logger.HostStops(fault, part);
        Environment.ExitCode = ExitCode;
        lifetime.StopApplication();
    }
}
