using System.Globalization;
using System.Threading.RateLimiting;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Edge.Requests;

namespace Strata.Edge.Rates;

/// <summary>
/// Holds each user to a rate of their own (token buckets), so that nobody's events wait behind a flood of somebody else's. Users share
/// 65,536 buckets by a hash that differs from process to process: whoever invents users grows nothing.
/// </summary>
public sealed class UserRates : IDisposable
{
    private const int Buckets = 1 << 16;

    private readonly RatesOptions _options;
    private readonly PartitionedRateLimiter<string>? _limiter;

    /// <summary>Makes the buckets as they are filled first.</summary>
    public UserRates(IOptions<RatesOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        if (_options.UserEventsPerSecond == 0)
        {
            return;
        }

        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = _options.UserEventBurst,
            TokensPerPeriod = _options.UserEventsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        };
        _limiter = PartitionedRateLimiter.Create<string, int>(userId => RateLimitPartition.GetTokenBucketLimiter(
            string.GetHashCode(userId, StringComparison.Ordinal) & (Buckets - 1), _ => bucket));
    }

    /// <summary>Counts an event of a user; RESOURCE_EXHAUSTED when it is one too many for now.</summary>
    /// <param name="field">Path of the user's id in the request.</param>
    /// <param name="userId">The user.</param>
    /// <exception cref="InvalidRequestException">It is one too many.</exception>
    public void Require(string field, string userId)
    {
        using var lease = _limiter?.AttemptAcquire(userId);
        if (lease is { IsAcquired: false })
        {
            throw new InvalidRequestException(
                field,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"sends more than {_options.UserEventsPerSecond} events a second: send the same event again a little later"))
            {
                Code = StatusCode.ResourceExhausted,
            };
        }
    }

    /// <inheritdoc />
    public void Dispose() => _limiter?.Dispose();
}
