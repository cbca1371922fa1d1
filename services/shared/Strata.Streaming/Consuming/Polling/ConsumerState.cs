using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Strata.Streaming.Consuming.Polling;

/// <summary>How a consumer is doing: does its loop turn, is it a member of its group, do its handlers work.</summary>
internal sealed class ConsumerState(string group, TimeProvider time, bool essential = true) : IHealthCheck
{
    // Draining for a rebalance holds the loop for a while; longer than this it hangs.
    private static readonly TimeSpan Hanging = TimeSpan.FromMinutes(1);
    private long _polled;
    private volatile bool _member;
    private volatile int _partitions;
    private volatile string? _ended;
    private int _stalls;

    /// <summary>Counts the partitions whose handler has failed and waits for its next life.</summary>
    public Func<int> Failing { get; set; } = () => 0;

    public void Polled() => Volatile.Write(ref _polled, time.GetTimestamp());

    public void Assigned(int partitions)
    {
        _ended = null;
        _partitions = partitions;
        _member = true;
    }

    public void Lost(int partitions)
    {
        _partitions = partitions;
        _member = false;
    }

    /// <summary>Times in a row that the clients were replaced because they stood still.</summary>
    public int Stalls => Volatile.Read(ref _stalls);

    public void Stalled()
    {
        _member = false;
        Interlocked.Increment(ref _stalls);
    }

    /// <summary>The clients work.</summary>
    public void Works() => Volatile.Write(ref _stalls, 0);

    public void Ended(string why) => _ended = why;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(Check());

    // A host that does not live for this consumer serves without it.
    private HealthCheckResult NotReady(string why) => essential ? HealthCheckResult.Unhealthy(why) : HealthCheckResult.Degraded(why);

    private HealthCheckResult Check()
    {
        if (_ended is { } why)
        {
            return NotReady($"consumer {group} has ended: {why}");
        }

        var polled = Volatile.Read(ref _polled);
        if (polled == 0)
        {
            return NotReady($"consumer {group} waits for its topics");
        }

        if (time.GetElapsedTime(polled) is var since && since > Hanging)
        {
            return NotReady($"consumer {group} has not polled for {since.TotalSeconds:F0} s");
        }

        if (!_member)
        {
            return NotReady($"consumer {group} is not a member of its group yet");
        }

        var failing = Failing();
        return failing > 0
            ? HealthCheckResult.Degraded($"consumer {group}: {failing} of {_partitions} partitions wait to be started again after a fault")
            : HealthCheckResult.Healthy($"consumer {group} reads {_partitions} partitions");
    }
}
