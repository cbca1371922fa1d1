using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Edge.Requests;

namespace Strata.Edge.Rates;

/// <summary>
/// Holds each user to a rate of their own, so that nobody's events wait behind a flood of somebody else's. Users share 65,536 buckets by a
/// hash that differs from process to process: whoever invents users grows nothing.
/// </summary>
/// <remarks>
/// The generic cell rate algorithm (ITU-T I.371, virtual scheduling): of a bucket only the time is kept at which it is full again. The
/// partitioned limiter of System.Threading.RateLimiting, which has a limiter for each user, lets go of idle ones while a call may hold
/// them (dotnet/runtime issue 99865): the event at hand would end with an unexpected fault.
/// </remarks>
public sealed class UserRates
{
    private const int Buckets = 1 << 16;

    private readonly RatesOptions _options;
    private readonly TimeProvider _time;
    private readonly long[] _fullAt = [];
    private readonly long _interval;
    private readonly long _tolerance;

    /// <summary>All buckets are full.</summary>
    public UserRates(IOptions<RatesOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (_options, _time) = (options.Value, time);
        if (_options.UserEventsPerSecond > 0)
        {
            _interval = time.TimestampFrequency / _options.UserEventsPerSecond;
            _tolerance = _interval * _options.UserEventBurst;
            _fullAt = new long[Buckets];
            Array.Fill(_fullAt, long.MinValue);
        }
    }

    /// <summary>Counts an event of a user; RESOURCE_EXHAUSTED when it is one too many for now.</summary>
    /// <param name="field">Path of the user's id in the request.</param>
    /// <param name="userId">The user.</param>
    /// <exception cref="InvalidRequestException">It is one too many.</exception>
    public void Require(string field, string userId)
    {
        if (_fullAt.Length > 0
            && !Take(ref _fullAt[string.GetHashCode(userId, StringComparison.Ordinal) & (Buckets - 1)], _time.GetTimestamp()))
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

    private bool Take(ref long fullAt, long now)
    {
        for (var seen = Volatile.Read(ref fullAt); ;)
        {
            var next = Math.Max(seen, now) + _interval;
            if (next - now > _tolerance)
            {
                return false;
            }

            var before = Interlocked.CompareExchange(ref fullAt, next, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }
    }
}
