using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Endpoints;

/// <summary>Binds the two ports, HTTP first: <see cref="ServiceAddresses"/> relies on the order.</summary>
internal sealed class KestrelEndpoints(
    IOptions<EndpointsOptions> options, IConfiguration configuration) : IConfigureOptions<KestrelServerOptions>
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

    private void Listen(KestrelServerOptions kestrel, int port, HttpProtocols protocols)
    {
        var address = options.Value.Address;
        if (address.Length == 0)
        {
            var inContainer = configuration.GetValue<bool>("DOTNET_RUNNING_IN_CONTAINER")
                || configuration.GetValue<bool>("RUNNING_IN_CONTAINER");
            address = inContainer ? "*" : "localhost";
        }

        switch (address)
        {
            case "*":
                kestrel.ListenAnyIP(port, o => o.Protocols = protocols);
                break;
            case "localhost" when port != 0:
                kestrel.ListenLocalhost(port, o => o.Protocols = protocols);
                break;
            case "localhost":
                // Kestrel cannot take one free port on both loopback addresses.
                kestrel.Listen(IPAddress.Loopback, port, o => o.Protocols = protocols);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(address), port, o => o.Protocols = protocols);
                break;
        }
    }
}
