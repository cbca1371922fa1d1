using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Strata.Testing.Secured;

/// <summary>
/// Apache Kafka as <c>infra/kafka/secured.properties</c> has it, on this machine: TLS on every listener, users by SCRAM or certificate,
/// allowed what <c>infra/kafka/acls.csv</c> names.
/// </summary>
public sealed class SecuredKafka : IAsyncDisposable
{
    private const string Admin = "admin";
    private const string Folder = "infra/kafka";
    private const string Logging = "log4j2.xml";

    /// <summary>librdkafka's RD_KAFKA_RESOURCE_TRANSACTIONAL_ID, for which the client has no name.</summary>
    private const ResourceType TransactionalId = (ResourceType)5;

    private static readonly TimeSpan StartBudget = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-secured-kafka-");
    private readonly TestAuthority _authority;
    private readonly int _scram;
    private readonly int _mutual;
    private Process? _process;

    private SecuredKafka(TestAuthority authority)
    {
        _authority = authority;
        (_scram, _mutual) = (FreePort(), FreePort());
    }

    /// <summary>Where users with a password come in.</summary>
    public string ScramServers => string.Create(CultureInfo.InvariantCulture, $"localhost:{_scram}");

    /// <summary>Where users with a certificate come in.</summary>
    public string MutualServers => string.Create(CultureInfo.InvariantCulture, $"localhost:{_mutual}");

    /// <summary>What the broker refused, in its own words.</summary>
    public IEnumerable<string> Denials
        => File.ReadLines(Path.Combine(_folder.FullName, "server.log"))
            .Where(line => line.Contains("is Denied", StringComparison.OrdinalIgnoreCase));

    /// <summary>Folder of Kafka's jars; null: there is none here, or no Java.</summary>
    public static string? Jars()
        => SharedFolder.Find() is { } shared
            && Path.Combine(shared, "kafka", "libs") is var jars
            && Directory.Exists(jars)
            && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(on => File.Exists(Path.Combine(on, "java")))
                ? jars
                : null;

    /// <summary>Starts one, makes its users and gives them their rights.</summary>
    /// <param name="jars">Folder of Kafka's jars.</param>
    /// <param name="authority">Issues the broker's certificate, and is whom it trusts.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<SecuredKafka> StartAsync(string jars, TestAuthority authority, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(authority);
        var kafka = new SecuredKafka(authority);
        try
        {
            await kafka.RunAsync(jars, cancellationToken);
            await kafka.AllowAsync();
            return kafka;
        }
        catch
        {
            await kafka.DisposeAsync();
            throw;
        }
    }

    /// <summary>Password of a user.</summary>
    public static string PasswordOf(string user) => $"{user}-secret";

    /// <summary>Settings of a client that comes with a password.</summary>
    public Dictionary<string, string> Scram(string user, string? password = null) => new(StringComparer.Ordinal)
    {
        ["security.protocol"] = "SASL_SSL",
        ["sasl.mechanism"] = "SCRAM-SHA-512",
        ["sasl.username"] = user,
        ["sasl.password"] = password ?? PasswordOf(user),
        ["ssl.ca.location"] = _authority.Certificate,
    };

    /// <summary>Settings of a client that comes with a certificate.</summary>
    public Dictionary<string, string> Mutual(string user)
    {
        var (certificate, key, _) = _authority.Issue(user);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["security.protocol"] = "SSL",
            ["ssl.ca.location"] = _authority.Certificate,
            ["ssl.certificate.location"] = certificate,
            ["ssl.key.location"] = key,
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static IEnumerable<string[]> Rights()
        => File.ReadLines(Path.Combine(Repository.Root, Folder, "acls.csv")).Skip(1).Select(line => line.Split(','));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task RunAsync(string jars, CancellationToken cancellationToken)
    {
        var logging = await File.ReadAllTextAsync(Path.Combine(jars, "..", "log4j2.xml"), cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, Logging),
            logging.Replace("</Loggers>", "<Logger name=\"kafka.authorizer.logger\" level=\"info\"/></Loggers>", StringComparison.Ordinal),
            cancellationToken);
        var (controller, properties) = (FreePort(), Path.Combine(_folder.FullName, "server.properties"));
        var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Root, Folder, "secured.properties"), cancellationToken);
        await File.WriteAllTextAsync(
            properties,
            shipped.Replace("kafka:9093", string.Create(CultureInfo.InvariantCulture, $"localhost:{controller}"), StringComparison.Ordinal)
                .Replace(":9093", string.Create(CultureInfo.InvariantCulture, $"localhost:{controller}"), StringComparison.Ordinal)
                .Replace("kafka:9094", ScramServers, StringComparison.Ordinal)
                .Replace("//:9094", $"//{ScramServers}", StringComparison.Ordinal)
                .Replace("kafka:9095", MutualServers, StringComparison.Ordinal)
                .Replace("//:9095", $"//{MutualServers}", StringComparison.Ordinal)
                .Replace("/etc/strata/tls/kafka.pem", _authority.Issue("kafka").Both, StringComparison.Ordinal)
                .Replace("/etc/strata/tls/ca.crt", _authority.Certificate, StringComparison.Ordinal)
                .Replace("/var/lib/kafka/data", Path.Combine(_folder.FullName, "data"), StringComparison.Ordinal)
                + "offsets.topic.num.partitions=4\ntransaction.state.log.num.partitions=4\n",
            cancellationToken);
        var users = Rights().Select(right => right[0]).Append(Admin).Distinct(StringComparer.Ordinal)
            .SelectMany(user => new[] { "--add-scram", $"SCRAM-SHA-512=[name={user},password={PasswordOf(user)}]" });
        var cluster = Convert.ToBase64String(RandomNumberGenerator.GetBytes(15)).Replace('+', 'A').Replace('/', 'B') + "AA";
        using var format = Java(jars, ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", properties, .. users]);
        await format.WaitForExitAsync(cancellationToken);
        if (format.ExitCode != 0)
        {
            throw new InvalidOperationException($"The log was not formatted: {Told()}");
        }

        _process = Java(jars, ["kafka.Kafka", properties]);
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(StartBudget);
        while (!Told().Contains("Kafka Server started", StringComparison.Ordinal))
        {
            if (_process.HasExited || budget.IsCancellationRequested)
            {
                throw new InvalidOperationException($"The broker does not serve: {Told()}");
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    private string Told()
        => Path.Combine(_folder.FullName, "server.log") is var log && File.Exists(log) ? File.ReadAllText(log) : "it logged nothing";

    private Process Java(string jars, string[] arguments)
        => Process.Start(new ProcessStartInfo(
            "java",
            [
                "-Xmx512m", "-XX:+UseSerialGC", $"-Dkafka.log={Path.Combine(_folder.FullName, "server.log")}",
                $"-Dlog4j2.configurationFile={Path.Combine(_folder.FullName, Logging)}", "-cp", Path.Combine(jars, "*"), .. arguments,
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("java did not start");

    private async Task AllowAsync()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig(Scram(Admin)) { BootstrapServers = ScramServers }).Build();
        var bindings = Rights().SelectMany(right => right[4].Split(' ').Select(operation => new AclBinding
        {
            Pattern = new ResourcePattern
            {
                Type = right[1] == "transactional-id" ? TransactionalId : Enum.Parse<ResourceType>(right[1], ignoreCase: true),
                Name = right[2],
                ResourcePatternType = Enum.Parse<ResourcePatternType>(right[3], ignoreCase: true),
            },
            Entry = new AccessControlEntry
            {
                Principal = $"User:{right[0]}",
                Host = "*",
                Operation = Enum.Parse<AclOperation>(operation, ignoreCase: true),
                PermissionType = AclPermissionType.Allow,
            },
        }));
        await admin.CreateAclsAsync(bindings, new CreateAclsOptions { RequestTimeout = TimeSpan.FromMinutes(1) });
    }
}
