using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Endpoints;

/// <summary>Where the process listens, and whether under TLS. Two ports: HTTP/2 without TLS cannot share one with HTTP/1.1.</summary>
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

    /// <summary>Port of gRPC (HTTP/2). 0 takes a free one.</summary>
    /// <value>The default is 8081.</value>
    [Range(0, 65535)]
    public int Grpc { get; set; } = 8081;

    /// <summary>
    /// Certificate of both ports: a PEM file (the certificate, what leads to its issuer, and the private key unless that has a file of its
    /// own) or a PFX file; read again when it changes. Empty: plain text.
    /// </summary>
    /// <value>The default is empty.</value>
    public string CertificateFile { get; set; } = string.Empty;

    /// <summary>PEM file of the private key. Empty: it stands in <see cref="CertificateFile"/>.</summary>
    /// <value>The default is empty.</value>
    public string CertificateKeyFile { get; set; } = string.Empty;

    /// <summary>Password of the private key; by environment only.</summary>
    /// <value>The default is empty.</value>
    public string CertificatePassword { get; set; } = string.Empty;

    /// <summary>
    /// Lets the ports be plain text beyond this machine: for a network that nobody else reads, or behind a proxy with TLS.
    /// </summary>
    /// <value>The default is false.</value>
    public bool PlainText { get; set; }

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
