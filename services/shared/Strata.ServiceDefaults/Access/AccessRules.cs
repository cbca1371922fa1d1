using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Endpoints;

namespace Strata.ServiceDefaults.Access;

/// <summary>Nobody is let in from elsewhere by mistake.</summary>
internal sealed class AccessRules(ListenAddress address) : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var faults = new List<string>();
        if (!options.IsRequired && !options.Anonymous && !address.IsLoopback)
        {
            faults.Add(
                $"Access: the process listens at {address.Text}, beyond this machine, and nobody needs a key. Name a file of keys "
                + "(Access:KeysFile, made by strata keys) or of an issuer's public keys (Access:JwksFile), or set Access:Anonymous to "
                + "true.");
        }

        if (options.IsRequired && options.Anonymous)
        {
            faults.Add("Access:Anonymous lets everybody in, and Access:KeysFile or Access:JwksFile does not: leave one of them out.");
        }

        if (options.JwksFile.Length > 0 && (options.Issuer.Length == 0 || options.Audience.Length == 0))
        {
            faults.Add("Access:JwksFile needs Access:Issuer and Access:Audience: a token of another service must not count here.");
        }

        faults.AddRange(options.Origins
            .Where(origin => !Uri.TryCreate(origin, UriKind.Absolute, out var page)
                || page.Scheme is not ("http" or "https")
                || page.GetLeftPart(UriPartial.Authority) != origin)
            .Select(origin => $"Access:Origins '{origin}' is no origin: write scheme, host and port, as \"https://shop.example.org\"."));
        foreach (var (key, file) in new[] { ("KeysFile", options.KeysFile), ("JwksFile", options.JwksFile) })
        {
            if (file.Length > 0 && !File.Exists(file))
            {
                faults.Add($"Access:{key} '{file}' is not there.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
