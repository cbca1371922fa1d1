using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Endpoints;

/// <summary>Where the process listens, by its settings and by where it runs.</summary>
internal sealed class ListenAddress(IOptions<EndpointsOptions> options, IConfiguration configuration)
{
    /// <summary>"*", "localhost" or an IP address.</summary>
    public string Text => options.Value.Address is { Length: > 0 } address ? address : IsContainer(configuration) ? "*" : "localhost";

    /// <summary>Only this machine reaches it.</summary>
    public bool IsLoopback => IsLoopbackHost(Text);

    /// <summary>The same before the options are valid.</summary>
    public static bool WouldBeLoopback(string address, IConfiguration configuration)
        => IsLoopbackHost(address.Length > 0 ? address : IsContainer(configuration) ? "*" : "localhost");

    /// <summary>True for the names and addresses of loopback, IPv6 with or without brackets.</summary>
    public static bool IsLoopbackHost(string text)
        => text.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(text, out var address) && IPAddress.IsLoopback(address));

    private static bool IsContainer(IConfiguration configuration)
        => configuration.GetValue<bool>("DOTNET_RUNNING_IN_CONTAINER") || configuration.GetValue<bool>("RUNNING_IN_CONTAINER");
}
