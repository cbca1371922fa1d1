using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Files;

namespace Strata.ServiceDefaults.Endpoints;

/// <summary>
/// The certificate of the ports, from a PEM or a PFX file, read again when that or its key's file changes: connections made later have
/// the new one.
/// </summary>
internal sealed class Certificate(IOptions<EndpointsOptions> options, TimeProvider time, ILogger<Certificate> logger)
{
    private readonly Lazy<WatchedFile<SslStreamCertificateContext>> _file = new(
        () => new(
            options.Value.CertificateFile,
            path => Read(path, options.Value),
            time,
            logger,
            options.Value.CertificateKeyFile is { Length: > 0 } key ? key : null),
        LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The certificate in force, with what leads to its issuer.</summary>
    /// <exception cref="InvalidDataException">The first reading: the file holds none.</exception>
    public SslStreamCertificateContext Current => _file.Value.Current;

    private static SslStreamCertificateContext Read(string path, EndpointsOptions options)
    {
        var chain = new X509Certificate2Collection();
        X509Certificate2 own;
        if (Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12")
        {
            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, options.CertificatePassword);
            own = chain.First(certificate => certificate.HasPrivateKey);
        }
        else
        {
            var key = options.CertificateKeyFile.Length > 0 ? options.CertificateKeyFile : path;
            own = options.CertificatePassword.Length > 0
                ? X509Certificate2.CreateFromEncryptedPemFile(path, options.CertificatePassword, key)
                : X509Certificate2.CreateFromPemFile(path, key);
            chain.ImportFromPemFile(path);
        }

        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }
}
