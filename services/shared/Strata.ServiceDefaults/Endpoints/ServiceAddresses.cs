using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Strata.ServiceDefaults.Endpoints;

/// <summary>Where the process really listens, once it has started: with port 0 only this knows.</summary>
public sealed class ServiceAddresses(IServer server)
{
    /// <summary>Base address of JSON, console, health and metrics.</summary>
    public Uri Http => At(0);

    /// <summary>Base address of gRPC.</summary>
    public Uri Grpc => At(1);

    private Uri At(int index)
    {
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
        if (bound.Length <= index)
        {
            throw new InvalidOperationException("The host has not started: its addresses are not known yet.");
        }

        // A client on this machine cannot call "all addresses".
        var address = new UriBuilder(bound[index]);
        if (address.Host is "[::]" or "0.0.0.0" or "+" or "*")
        {
            address.Host = "localhost";
        }

        return address.Uri;
    }
}
