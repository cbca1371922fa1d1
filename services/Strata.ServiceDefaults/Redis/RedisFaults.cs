using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace Strata.ServiceDefaults.Redis;

/// <summary>Which faults of Redis pass.</summary>
public static class RedisFaults
{
    /// <summary>Server answers, by their first word, after which the same command may succeed: loading, failing over, busy, or restarted without its scripts.</summary>
    private static readonly string[] TransientAnswers = ["LOADING", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN", "READONLY", "BUSY", "NOSCRIPT", "MOVED", "ASK", "NOREPLICAS"];

    /// <summary>True when another attempt may succeed.</summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        RedisConnectionException => true,
        RedisTimeoutException => true,
        TimeoutRejectedException => true,
        ObjectDisposedException => false,
        RedisServerException server => Array.Exists(TransientAnswers, word => server.Message.StartsWith(word, StringComparison.Ordinal)),
        _ => false,
    };

    /// <summary>True when Redis cannot be reached now: also when the breaker is open.</summary>
    public static bool IsUnavailable(Exception fault) => IsTransient(fault) || fault is BrokenCircuitException;
}
