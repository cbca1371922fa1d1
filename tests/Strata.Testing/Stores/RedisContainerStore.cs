using System.Net.Sockets;
using Testcontainers.Redis;

namespace Strata.Testing.Stores;

/// <summary>Redis in a container, where a Docker engine answers.</summary>
public sealed class RedisContainerStore : TestStore
{
    private const string Image = "redis:7.4-alpine";
    private const string Socket = "/var/run/docker.sock";
    private const string HostVariable = "DOCKER_HOST";

    private readonly RedisContainer _container = new RedisBuilder(Image).Build();

    private RedisContainerStore()
    {
    }

    /// <summary>True when a Docker engine is set up and, on the local socket, answers: a look of milliseconds.</summary>
    public static bool IsAvailable => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(HostVariable)) || SocketAnswers();

    /// <inheritdoc/>
    public override string ConnectionString => _container.GetConnectionString();

    /// <inheritdoc/>
    public override string Description => $"{Image} in a container";

    /// <summary>Starts one.</summary>
    public static async Task<RedisContainerStore> StartAsync(CancellationToken cancellationToken)
    {
        var store = new RedisContainerStore();
        await store._container.StartAsync(cancellationToken);
        return store;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _container.DisposeAsync();

    private static bool SocketAnswers()
    {
        if (!File.Exists(Socket))
        {
            return false;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
