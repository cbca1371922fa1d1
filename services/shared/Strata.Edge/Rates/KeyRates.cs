using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Edge.Requests;

namespace Strata.Edge.Rates;

/// <summary>
/// Holds each key, and each subject of tokens, to a rate of its own (token buckets): one producer's loop takes nothing from the others.
/// Callers share 4,096 buckets by a hash that differs from process to process. A bucket that was made stays: the library's partitioned
/// limiter lets go of idle ones while a call may hold them (dotnet/runtime issue 99865).
/// </summary>
internal sealed class KeyRates : IDisposable
{
    private const int Buckets = 1 << 12;

    /// <summary>Streams of one key that wait for their turn; more are refused.</summary>
    private const int Waiting = 1_024;

    private readonly RatesOptions _options;
    private readonly ConcurrentDictionary<int, Lazy<TokenBucketRateLimiter>> _buckets = new();

    public KeyRates(IOptions<RatesOptions> options) => _options = options.Value;

    /// <summary>Calls taken at once, where nothing came before.</summary>
    public int Burst => _options.KeyCallBurst;

    /// <summary>Counts a call.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="calls">As how many it counts; more than are taken at once count as these.</param>
    /// <exception cref="InvalidRequestException">It is one too many for now: RESOURCE_EXHAUSTED.</exception>
    public void Require(string caller, int calls)
    {
        using var lease = BucketOf(caller)?.AttemptAcquire(Math.Min(calls, _options.KeyCallBurst));
        Check(lease);
    }

    /// <summary>Counts a message of a stream, as soon as its turn comes.</summary>
    /// <exception cref="InvalidRequestException">Too many streams of this caller wait: RESOURCE_EXHAUSTED.</exception>
    public async ValueTask WaitAsync(string caller, int calls, CancellationToken cancellationToken)
    {
        if (BucketOf(caller) is { } bucket)
        {
            using var lease = await bucket.AcquireAsync(Math.Min(calls, _options.KeyCallBurst), cancellationToken);
            Check(lease);
        }
    }

    public void Dispose()
    {
        foreach (var bucket in _buckets.Values)
        {
            bucket.Value.Dispose();
        }
    }

    private TokenBucketRateLimiter? BucketOf(string caller)
        => _options.KeyCallsPerSecond == 0 ? null : _buckets.GetOrAdd(
            string.GetHashCode(caller, StringComparison.Ordinal) & (Buckets - 1),
            static (_, options) => new Lazy<TokenBucketRateLimiter>(() => new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.KeyCallBurst,
                TokensPerPeriod = options.KeyCallsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = Waiting,
            })),
            _options).Value;

    private void Check(RateLimitLease? lease)
    {
        if (lease is { IsAcquired: false })
        {
            throw new InvalidRequestException(
                "authorization",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is of a caller with more than {_options.KeyCallsPerSecond} calls a second: send the same call again a little later"))
            {
                Code = StatusCode.ResourceExhausted,
            };
        }
    }
}
