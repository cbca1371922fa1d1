using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Strata.ServiceDefaults.Access;
using Strata.ServiceDefaults.Endpoints;

namespace Strata.ServiceDefaults.Tests.Access;

/// <summary>Who gets in, with what, and what the others are told; on real sockets.</summary>
[Trait("height", "harness")]
public sealed class AccessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-access-");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string KeysFile => Path.Combine(_folder.FullName, "keys.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Metrics_ByKey_OpenToItsScopeUntilItExpires()
    {
        var (operate, text) = ApiKey.Create("operator", [Scopes.Operate], _time.GetUtcNow().AddHours(1));
        var (read, other) = ApiKey.Create("reader", [Scopes.Read], null);
        ApiKeyFile.Write(KeysFile, [operate, read]);
        await using var app = await StartAsync(new() { ["Access:KeysFile"] = KeysFile });

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/metrics", text)).Status);
        var forbidden = await GetAsync(app, "/metrics", other);
        var unknown = await GetAsync(app, "/metrics", text + "x");
        var none = await GetAsync(app, "/metrics", null);
        _time.Advance(TimeSpan.FromHours(2));
        var expired = await GetAsync(app, "/metrics", text);

        Assert.Equal(HttpStatusCode.Forbidden, forbidden.Status);
        Assert.Contains("operate", forbidden.Body, StringComparison.Ordinal);
        Assert.All([unknown, none, expired], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        Assert.Equal(unknown.Body, expired.Body);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/health/live", null)).Status);
    }

    [Fact]
    public async Task Keys_FileThatChanges_CountsWithoutARestart()
    {
        var (old, oldText) = ApiKey.Create("old", [Scopes.Operate], null);
        var (young, youngText) = ApiKey.Create("young", [Scopes.Operate], null);
        ApiKeyFile.Write(KeysFile, [old]);
        await using var app = await StartAsync(new() { ["Access:KeysFile"] = KeysFile });
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/metrics", youngText)).Status);

        ApiKeyFile.Write(KeysFile, [old, young]);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/metrics", youngText)).Status);

        await File.WriteAllTextAsync(KeysFile, "half a fi", Cancel);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/metrics", oldText)).Status);

        ApiKeyFile.Write(KeysFile, [young]);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/metrics", oldText)).Status);
    }

    [Theory]
    [InlineData("strata", "strata-calls", "scope", "operate read", false, HttpStatusCode.OK)]
    [InlineData("strata", "strata-calls", "scope", "read", false, HttpStatusCode.Forbidden)]
    [InlineData("strata", "strata-calls", Scopes.Claim, "operate", false, HttpStatusCode.Forbidden)] // what a caller is given here only
    [InlineData("strata", "another service", "scope", "operate", false, HttpStatusCode.Unauthorized)]
    [InlineData("somebody", "strata-calls", "scope", "operate", false, HttpStatusCode.Unauthorized)]
    [InlineData("strata", "strata-calls", "scope", "operate", true, HttpStatusCode.Unauthorized)]
    public async Task Metrics_ByToken_OpenToWhomTheIssuerSays(
        string issuer, string audience, string claim, string scope, bool foreignKey, HttpStatusCode expected)
    {
        using var ours = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwks = Path.Combine(_folder.FullName, "jwks.json");
        var published = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(ours.ExportParameters(false))));
        await File.WriteAllTextAsync(
            jwks, $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{published.X}}","y":"{{published.Y}}"}]}""", Cancel);
        await using var app = await StartAsync(new()
        {
            ["Access:JwksFile"] = jwks,
            ["Access:Issuer"] = "strata",
            ["Access:Audience"] = "strata-calls",
        });
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Subject = new ClaimsIdentity([new Claim(claim, scope)]),
            SigningCredentials = new SigningCredentials(
                new ECDsaSecurityKey(foreignKey ? foreign : ours), SecurityAlgorithms.EcdsaSha256),
        });

        Assert.Equal(expected, (await GetAsync(app, "/metrics", token)).Status);
    }

    [Fact]
    public async Task Certificate_OfAPemFile_IsServedAndRenewedWithoutARestart()
    {
        var pem = Path.Combine(_folder.FullName, "tls.pem");
        WriteCertificate(pem, "CN=first");
        await using var app = await StartAsync(new() { ["Endpoints:CertificateFile"] = pem });
        Assert.Equal("CN=first", await SubjectAsync(app));

        WriteCertificate(pem, "CN=renewed");
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("CN=renewed", await SubjectAsync(app));
    }

    [Fact]
    public async Task Certificate_WhoseKeyComesLater_IsServedThen()
    {
        var (pem, keyFile) = (Path.Combine(_folder.FullName, "tls.crt"), Path.Combine(_folder.FullName, "tls.key"));
        WriteCertificate(pem, "CN=first", keyFile);
        await using var app = await StartAsync(
            new() { ["Endpoints:CertificateFile"] = pem, ["Endpoints:CertificateKeyFile"] = keyFile });
        var old = await File.ReadAllTextAsync(keyFile, Cancel);
        WriteCertificate(pem, "CN=renewed", keyFile);
        var young = await File.ReadAllTextAsync(keyFile, Cancel);
        await File.WriteAllTextAsync(keyFile, old, Cancel);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=first", await SubjectAsync(app));

        await File.WriteAllTextAsync(keyFile, young, Cancel);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("CN=renewed", await SubjectAsync(app));
    }

    [Theory]
    [InlineData("Access:KeysFile")]
    [InlineData("Access:JwksFile")]
    [InlineData("Endpoints:CertificateFile")]
    public async Task Start_OnAFileThatCannotBeRead_IsRefusedAndNamesIt(string setting)
    {
        await File.WriteAllTextAsync(KeysFile, "half a fi", Cancel);

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => StartAsync(new()
        {
            [setting] = KeysFile,
            ["Access:Issuer"] = "strata",
            ["Access:Audience"] = "strata-calls",
        }));

        Assert.Contains(KeysFile, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Access:Anonymous", "Endpoints:CertificateFile")] // plain text is not said
    [InlineData("Endpoints:PlainText", "Access:KeysFile")] // open to all is not said
    public async Task Start_BeyondLoopbackWithoutSayingSo_IsRefused(string said, string named)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(new() { ["Endpoints:Address"] = "*", [said] = "true" }));

        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    private Task<WebApplication> StartAsync(Dictionary<string, string?> settings) => AccessApp.StartAsync(_time, settings);

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(WebApplication app, string path, string? key)
    {
        using var http = new HttpClient { BaseAddress = app.Services.GetRequiredService<ServiceAddresses>().Http };
        http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.GetAsync(path, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<string> SubjectAsync(WebApplication app)
    {
        var subject = "";
        using var handler = new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => (subject = shown!.Subject).Length > 0 },
        };
        using var http = new HttpClient(handler) { BaseAddress = app.Services.GetRequiredService<ServiceAddresses>().Http };
        using var answer = await http.GetAsync("/health/live", Cancel);
        Assert.True(answer.IsSuccessStatusCode);
        return subject;
    }

    private static void WriteCertificate(string path, string subject, string? keyFile = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest(subject, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var keyText = key.ExportPkcs8PrivateKeyPem() + "\n";
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + (keyFile is null ? keyText : ""));
        if (keyFile is not null)
        {
            File.WriteAllText(keyFile, keyText);
        }
    }
}
