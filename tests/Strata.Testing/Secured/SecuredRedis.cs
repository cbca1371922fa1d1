using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Strata.Testing.Secured;

/// <summary><c>redis-server</c> that speaks TLS only, with the users of <c>infra/redis/users.acl</c> and one that may do all.</summary>
public sealed class SecuredRedis : IAsyncDisposable
{
    private const string Admin = "admin";

    /// <summary>Leaves out what the client would ask for beside: who may read settings may read passwords.</summary>
    private const string Quiet = "setlib=false,tiebreaker=,configChannel=,$CONFIG=,$SENTINEL=";

    private static readonly TimeSpan StartBudget = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-secured-redis-");
    private readonly TestAuthority _authority;
    private readonly int _port;
    private Process? _process;

    private SecuredRedis(TestAuthority authority)
    {
        _authority = authority;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts one and waits until it answers.</summary>
    public static async Task<SecuredRedis> StartAsync(TestAuthority authority, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(authority);
        var redis = new SecuredRedis(authority);
        try
        {
            await redis.RunAsync(cancellationToken);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>What Redis:ConnectionString is for a user.</summary>
    public string ConnectionString(string user, string? password = null)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"localhost:{_port},ssl=true,user={user},password={password ?? PasswordOf(user)},{Quiet}");

    /// <summary>Connects as a user.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync(string user, string? password = null)
    {
        var options = ConfigurationOptions.Parse(ConnectionString(user, password));
        options.TrustIssuer(_authority.Certificate);
        options.AllowAdmin = true;
        options.CommandMap = CommandMap.Default;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>What it refused, one line each: user, reason and object.</summary>
    public async Task<IReadOnlyList<string>> DenialsAsync()
    {
        await using var admin = await ConnectAsync(Admin);
        var entries = (RedisResult[])(await admin.GetServers()[0].ExecuteAsync("ACL", "LOG", "128"))!;
        return [.. entries.Select(entry => string.Join(' ', ((RedisResult[])entry!).Select(part => part.ToString())))];
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

    private static string PasswordOf(string user) => $"{user.ToUpperInvariant()}_PASSWORD";

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra", "redis", "users.acl"), cancellationToken);
        var users = Path.Combine(_folder.FullName, "users.acl");
        await File.WriteAllTextAsync(users, $"{shipped}user {Admin} on >{PasswordOf(Admin)} ~* &* +@all\n", cancellationToken);
        var (certificate, key, _) = _authority.Issue("redis");
        _process = Process.Start(new ProcessStartInfo(
            "redis-server",
            [
                "--port", "0", "--tls-port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
                "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", _authority.Certificate,
                "--tls-auth-clients", "no", "--aclfile", users, "--acllog-max-len", "128", "--dir", _folder.FullName, "--save", "",
                "--logfile", Path.Combine(_folder.FullName, "redis.log"),
            ])
        {
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException("redis-server did not start");
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(StartBudget);
        while (true)
        {
            try
            {
                await using var admin = await ConnectAsync(Admin);
                return;
            }
            catch (RedisConnectionException) when (!budget.IsCancellationRequested && _process is { HasExited: false })
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}
