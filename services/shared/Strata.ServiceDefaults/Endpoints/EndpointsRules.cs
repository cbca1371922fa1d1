using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Endpoints;

internal sealed class EndpointsRules(IConfiguration configuration) : IValidateOptions<EndpointsOptions>
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

        if (options.CertificateFile.Length > 0 && !File.Exists(options.CertificateFile))
        {
            faults.Add($"Endpoints:CertificateFile '{options.CertificateFile}' is not there.");
        }
        else if (options is { CertificateFile: "", PlainText: false } && !ListenAddress.WouldBeLoopback(options.Address, configuration))
        {
            faults.Add(
                $"Endpoints: the ports are reached from beyond this machine (Address '{options.Address}') in plain text. Name a "
                + "certificate (Endpoints:CertificateFile), or set Endpoints:PlainText to true.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
