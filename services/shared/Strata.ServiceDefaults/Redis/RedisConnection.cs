using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Strata.ServiceDefaults.Redis;

/// <summary>The process's one connection to Redis, made when it is first asked for and kept up by the multiplexer from then on.</summary>
public sealed class RedisConnection(IOptions<RedisOptions> options) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connecting;

    /// <summary>Settings of the multiplexer. It never gives up: a process may start before its Redis.</summary>
    public static ConfigurationOptions Configure(RedisOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var configuration = ConfigurationOptions.Parse(options.ConnectionString);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds;
        configuration.AsyncTimeout = (int)options.AttemptTimeout.TotalMilliseconds;
        configuration.SyncTimeout = configuration.AsyncTimeout;
        configuration.ReconnectRetryPolicy = new ExponentialRetry(100, 2_000);
        configuration.ClientName ??= "strata";
        return RedisTls.Apply(configuration, options);
    }

    /// <summary>The multiplexer; while Redis is away its commands fail and it goes on trying.</summary>
    public async ValueTask<IConnectionMultiplexer> MultiplexerAsync(CancellationToken cancellationToken)
        => await Connecting().WaitAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Volatile.Read(ref _connecting) is { IsCompletedSuccessfully: true } connecting)
        {
            var multiplexer = await connecting;
            await multiplexer.DisposeAsync();
        }
    }

    private Task<ConnectionMultiplexer> Connecting()
    {
        lock (_gate)
        {
            // A connect that threw, for example on a name that does not resolve yet, is tried anew by the next caller.
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _connecting = ConnectionMultiplexer.ConnectAsync(Configure(options.Value));
            }

            return _connecting;
        }
    }
}
