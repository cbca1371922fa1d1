using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Endpoints;

/// <summary>Binds the two ports, HTTP first: <see cref="ServiceAddresses"/> relies on the order.</summary>
internal sealed class KestrelEndpoints(
    IOptions<EndpointsOptions> options, ListenAddress address, Certificate certificate) : IConfigureOptions<KestrelServerOptions>
{
    private const int MostBytes = 256 * 1024;

    public void Configure(KestrelServerOptions kestrel)
    {
        // Beyond these the server ends a connection without a word; callers who are told what to do meet the edge's limits before.
        kestrel.Limits.MaxRequestLineSize = MostBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = MostBytes;
        Listen(kestrel, options.Value.Http, HttpProtocols.Http1);
        Listen(kestrel, options.Value.Grpc, HttpProtocols.Http2);
    }

    private SslServerAuthenticationOptions Tls(HttpProtocols protocols) => new()
    {
        ServerCertificateContext = certificate.Current,
        ApplicationProtocols = [protocols == HttpProtocols.Http2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
    };

    private void Listen(KestrelServerOptions kestrel, int port, HttpProtocols protocols)
    {
        switch (address.Text)
        {
            case "*":
                kestrel.ListenAnyIP(port, Configure);
                break;
            case "localhost" when port != 0:
                kestrel.ListenLocalhost(port, Configure);
                break;
            case "localhost":
                // Kestrel cannot take one free port on both loopback addresses.
                kestrel.Listen(IPAddress.Loopback, port, Configure);
                break;
            case var text:
                kestrel.Listen(IPAddress.Parse(text), port, Configure);
                break;
        }

        void Configure(ListenOptions listen)
        {
            listen.Protocols = protocols;
            if (options.Value.CertificateFile.Length > 0)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Tls(protocols)) });
            }
        }
    }
}
