using Grpc.Core;

namespace Strata.Cli.Frame;

/// <summary>A call to a service failed.</summary>
/// <param name="service">Name of the service.</param>
/// <param name="address">Where it was looked for.</param>
/// <param name="fault">What came back.</param>
internal sealed class ServiceException(string service, Uri address, RpcException fault)
    : Exception($"{service} at {address} answers {fault.StatusCode}: {fault.Status.Detail}", fault)
{
    public StatusCode Status => fault.StatusCode;
}
