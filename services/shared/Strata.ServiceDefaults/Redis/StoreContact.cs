using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Strata.Contracts;

namespace Strata.ServiceDefaults.Redis;

/// <summary>Writes to the store every other second: one that is full or read-only answers pings, and reads, as ever.</summary>
internal sealed class StoreContact(RedisConnection connection, TimeProvider time) : BackgroundService, IStoreContact
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private volatile string? _refusal;
    private volatile bool _rebuilding;
    private volatile bool _takesWrites = true; // until it is known

    public string? Refusal => _refusal;

    public bool IsRebuilding => _rebuilding;

    /// <summary>Whether the store took a write when it was last asked.</summary>
    public bool TakesWrites => _takesWrites;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            _refusal = await AskAsync(stoppingToken);
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var multiplexer = await connection.MultiplexerAsync(cancellationToken);
            var redis = multiplexer.GetDatabase();
            _rebuilding = await redis.KeyExistsAsync(Keys.Rebuilding).WaitAsync(cancellationToken);
            await redis.StringSetAsync(Keys.Contact, "", Kept).WaitAsync(cancellationToken);
            _takesWrites = true;
            return null;
        }
        catch (RedisServerException refused)
        {
            _takesWrites = false;
            return refused.Message;
        }
        catch (Exception fault) when (RedisFaults.IsTransient(fault) || fault is OperationCanceledException)
        {
            _takesWrites = false;
            return null; // it does not answer, and the health check says so
        }
    }
}
