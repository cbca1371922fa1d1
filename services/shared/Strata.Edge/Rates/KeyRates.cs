using System.Globalization;
using System.Threading.RateLimiting;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Edge.Requests;

namespace Strata.Edge.Rates;

/// <summary>
/// Holds each key, and each subject of tokens, to a rate of its own (token buckets): one producer's loop takes nothing from the others.
/// Callers share 4,096 buckets by a hash that differs from process to process.
/// </summary>
internal sealed class KeyRates : IDisposable
{
    private const int Buckets = 1 << 12;

    /// <summary>Streams of one key that wait for their turn; more are refused.</summary>
    private const int Waiting = 1_024;

    private readonly RatesOptions _options;
    private readonly PartitionedRateLimiter<string>? _limiter;

    public KeyRates(IOptions<RatesOptions> options)
    {
        _options = options.Value;
        if (_options.KeyCallsPerSecond == 0)
        {
            return;
        }

        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = _options.KeyCallBurst,
            TokensPerPeriod = _options.KeyCallsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = Waiting,
        };
        _limiter = PartitionedRateLimiter.Create<string, int>(caller => RateLimitPartition.GetTokenBucketLimiter(
            string.GetHashCode(caller, StringComparison.Ordinal) & (Buckets - 1), _ => bucket));
    }

    /// <summary>Counts a call.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="calls">As how many it counts; more than are taken at once count as these.</param>
    /// <exception cref="InvalidRequestException">It is one too many for now: RESOURCE_EXHAUSTED.</exception>
    public void Require(string caller, int calls)
    {
        using var lease = _limiter?.AttemptAcquire(caller, Math.Min(calls, _options.KeyCallBurst));
        Check(lease);
    }

    /// <summary>Counts a message of a stream, as soon as its turn comes.</summary>
    /// <exception cref="InvalidRequestException">Too many streams of this caller wait: RESOURCE_EXHAUSTED.</exception>
    public async ValueTask WaitAsync(string caller, int calls, CancellationToken cancellationToken)
    {
        if (_limiter is not null)
        {
            using var lease = await _limiter.AcquireAsync(caller, Math.Min(calls, _options.KeyCallBurst), cancellationToken);
            Check(lease);
        }
    }

    public void Dispose() => _limiter?.Dispose();

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
