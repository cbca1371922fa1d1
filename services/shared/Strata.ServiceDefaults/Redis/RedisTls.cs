using StackExchange.Redis;

namespace Strata.ServiceDefaults.Redis;

/// <summary>Certificates of a connection to Redis; that it speaks TLS at all is said in the connection string (<c>ssl=true</c>).</summary>
public static class RedisTls
{
    /// <summary>Trusts the issuer that the options name, and shows the client's own certificate where they name one.</summary>
    /// <param name="configuration">Changed in place, and returned.</param>
    /// <param name="options">Paths of PEM files.</param>
    public static ConfigurationOptions Apply(ConfigurationOptions configuration, RedisOptions options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        if (options.IssuerFile.Length > 0)
        {
            configuration.TrustIssuer(options.IssuerFile);
        }

        if (options.CertificateFile.Length > 0)
        {
            configuration.SetUserPemCertificate(
                options.CertificateFile, options.CertificateKeyFile.Length > 0 ? options.CertificateKeyFile : null);
        }

        return configuration;
    }
}
