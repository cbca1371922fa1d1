using System.Net;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Endpoints;

internal sealed class EndpointsRules : IValidateOptions<EndpointsOptions>
{
    public ValidateOptionsResult Validate(string? name, EndpointsOptions options)
    {
        var faults = new List<string>();
        if (options.Http == options.Grpc && options.Http != 0)
        {
            faults.Add($"Endpoints:Http and Endpoints:Grpc are both {options.Http}: give them different ports.");
        }

        if (options.Address is not ("" or "*" or "localhost") && !IPAddress.TryParse(options.Address, out _))
        {
            faults.Add($"Endpoints:Address '{options.Address}' is neither an IP address nor 'localhost' nor '*'.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
