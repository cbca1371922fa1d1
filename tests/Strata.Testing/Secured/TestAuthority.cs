using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strata.Testing.Secured;

/// <summary>An authority of certificates made for one test: PEM files in a folder that goes with it.</summary>
public sealed class TestAuthority : IDisposable
{
    private const int KeyBits = 2048;

    private static readonly TimeSpan Valid = TimeSpan.FromDays(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-tls-");
    private readonly RSA _key = RSA.Create(KeyBits);
    private readonly X509Certificate2 _root;

    /// <summary>Makes one, with a key of its own.</summary>
    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Test authority", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();
        _root = request.CreateSelfSigned(now - Valid, now + Valid);
        Certificate = Write("ca.crt", _root.ExportCertificatePem());
    }

    /// <summary>Path of its own certificate.</summary>
    public string Certificate { get; }

    /// <summary>Issues a certificate, good for servers on this machine and for clients.</summary>
    /// <param name="name">Its common name.</param>
    /// <returns>Paths of the certificate, of its key (PKCS #8), and of both in one file.</returns>
    public (string Certificate, string Key, string Both) Issue(string name)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(_root, now - (Valid / 2), now + (Valid / 2), RandomNumberGenerator.GetBytes(8));
        var (certificate, pkcs8) = (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        return (Write($"{name}.crt", certificate), Write($"{name}.key", pkcs8), Write($"{name}.pem", $"{pkcs8}\n{certificate}"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Write(string file, string text)
    {
        var path = Path.Combine(_folder.FullName, file);
        File.WriteAllText(path, text + "\n");
        return path;
    }
}
