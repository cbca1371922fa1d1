using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Endpoints;

/// <summary>Where the process listens. Two ports, because HTTP/2 without TLS cannot share one with HTTP/1.1.</summary>
public sealed class EndpointsOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Endpoints";

    /// <summary>
    /// Address to bind: an IP address, "localhost" or "*" for all. Empty: all in a container (<c>DOTNET_RUNNING_IN_CONTAINER</c>), else
    /// localhost.
    /// </summary>
    /// <value>The default is empty.</value>
    public string Address { get; set; } = string.Empty;

    /// <summary>Port of HTTP/1.1: JSON, console, health, metrics. 0 takes a free one, see <see cref="ServiceAddresses"/>.</summary>
    /// <value>The default is 8080.</value>
    [Range(0, 65535)]
    public int Http { get; set; } = 8080;

    /// <summary>Port of gRPC (HTTP/2 without TLS). 0 takes a free one.</summary>
    /// <value>The default is 8081.</value>
    [Range(0, 65535)]
    public int Grpc { get; set; } = 8081;

    /// <summary>
    /// How long the ports stay open after the process was told to stop, while readiness already says no: whoever sends requests here needs
    /// to have asked once more. Less than the time that the process is given to end, which the drain of consumers needs too.
    /// </summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ClosePause { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class EndpointsOptionsValidator : IValidateOptions<EndpointsOptions>;
