using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace Strata.ServiceDefaults.Redis;

/// <summary>Which faults of Redis pass.</summary>
public static class RedisFaults
{
    /// <summary>
    /// Server answers after which the same command may succeed: loading, failing over, busy, full, or restarted without its scripts.
    /// </summary>
    private static readonly RedisErrorKind[] TransientAnswers =
    [
        RedisErrorKind.ConnectionFault,
        RedisErrorKind.Timeout,
        RedisErrorKind.Loading,
        RedisErrorKind.ClusterDown,
        RedisErrorKind.MasterDown,
        RedisErrorKind.TryAgain,
        RedisErrorKind.NoReplicas,
        RedisErrorKind.Misconfigured,
        RedisErrorKind.OutOfMemory,
        RedisErrorKind.Busy,
        RedisErrorKind.MaxClients,
        RedisErrorKind.Moved,
        RedisErrorKind.Ask,
        RedisErrorKind.UnknownRedirectTarget,
        RedisErrorKind.ReadOnly,
        RedisErrorKind.NoScript,
    ];

    /// <summary>True when another attempt may succeed.</summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        RedisConnectionException => true,
        RedisTimeoutException => true,
        TimeoutRejectedException => true,
        RedisServerException server => TransientAnswers.Contains(server.Kind),
        _ => false,
    };

    /// <summary>True when Redis cannot be reached now: also when the breaker is open.</summary>
    public static bool IsUnavailable(Exception fault) => IsTransient(fault) || fault is BrokenCircuitException;
}
