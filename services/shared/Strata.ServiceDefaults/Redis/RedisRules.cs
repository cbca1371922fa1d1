using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Strata.ServiceDefaults.Redis;

/// <summary>Rules across the fields of <see cref="RedisOptions"/>. The connection string may hold a password and is never quoted.</summary>
internal sealed class RedisRules : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var faults = new List<string>();
        try
        {
            if (ConfigurationOptions.Parse(options.ConnectionString).EndPoints.Count == 0)
            {
                faults.Add("Redis:ConnectionString names no endpoint: write for example 'localhost:6379' or '[::1]:6379'.");
            }
        }
        catch (ArgumentException fault)
        {
            faults.Add($"Redis:ConnectionString cannot be read: {fault.Message}");
        }

        foreach (var (setting, file) in new[]
        {
            (nameof(options.IssuerFile), options.IssuerFile),
            (nameof(options.CertificateFile), options.CertificateFile),
            (nameof(options.CertificateKeyFile), options.CertificateKeyFile),
        })
        {
            if (file.Length > 0 && !File.Exists(file))
            {
                faults.Add($"Redis:{setting} '{file}' is no file: write the path of a PEM file, or leave it empty.");
            }
        }

        if (options.AttemptTimeout > options.TotalTimeout)
        {
            faults.Add($"Redis:AttemptTimeout {options.AttemptTimeout} is longer than Redis:TotalTimeout {options.TotalTimeout}.");
        }

        if (options.RetryDelay > options.MaxRetryDelay)
        {
            faults.Add($"Redis:RetryDelay {options.RetryDelay} is longer than Redis:MaxRetryDelay {options.MaxRetryDelay}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
