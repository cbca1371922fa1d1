using Strata.Chaos.Checks;
using Strata.Chaos.Faults;
using Strata.Chaos.Load;
using Strata.Chaos.Promises;
using Strata.Chaos.Stack;

namespace Strata.Chaos.Injection;

/// <summary>Does what the schedule says; returns when the fault has ended and recovery begins.</summary>
internal sealed class FaultInjector(
    Fleet fleet, KafkaCluster kafka, RedisServer redis, Producer producer, GroupPositions groups, ViolationLog violations, int seed)
    : IDisposable
{
    private static readonly TimeSpan ReadyBudget = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LastSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(3);

    private readonly RawProducer _raw = new(kafka.BootstrapServers);
    private readonly Random _random = new(seed);

    public async Task InjectAsync(ScheduledFault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.KillService or FaultKind.HangService or FaultKind.RestartService:
                await HarmAsync(Choose(fleet.Of(fault.Target), fault.Index), fault, cancellationToken);
                break;
            case FaultKind.KillBroker:
                await kafka.KillAsync(1 + (fault.Index % kafka.Nodes), cancellationToken);
                await Task.Delay(fault.Outage, cancellationToken);
                await kafka.UpAsync(1 + (fault.Index % kafka.Nodes), cancellationToken);
                break;
            case FaultKind.HangBroker:
                await kafka.PauseAsync(1 + (fault.Index % kafka.Nodes), cancellationToken);
                await Task.Delay(fault.Outage, cancellationToken);
                await kafka.ResumeAsync(1 + (fault.Index % kafka.Nodes));
                break;
            case FaultKind.OpenTransaction:
                await LeaveOpenAsync(fault, cancellationToken);
                break;
            case FaultKind.Poison:
                await _raw.SendAsync(PoisonRecords.Draw(_random));
                break;
            case FaultKind.Duplicates:
                var again = producer.Recent.ToArray();
                _random.Shuffle(again);
                await Task.WhenAll(again.Take(50).Select(act => producer.PublishAsync(act, cancellationToken)));
                break;
            default:
                await HarmStoreAsync(fault, cancellationToken);
                break;
        }
    }

    public void Dispose() => _raw.Dispose();

    private static T Choose<T>(IReadOnlyList<T> among, int index) => among[index % among.Count];

    private async Task HarmAsync(ServiceInstance victim, ScheduledFault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.HangService:
                await victim.PauseAsync();
                await Task.Delay(fault.Outage, cancellationToken);
                await victim.ResumeAsync();
                return;
            case FaultKind.KillService:
                await victim.KillAsync();
                break;
            default:
                if (await victim.StopAsync() is not 0 and var code)
                {
                    violations.Add("a stop is in good order", $"{victim.Name} ended with {(code is null ? "nothing in 45 s" : $"{code}")}");
                }

                break;
        }

        victim.Start();
        await victim.ReadyAsync(ReadyBudget, cancellationToken);
    }

    private async Task LeaveOpenAsync(ScheduledFault fault, CancellationToken cancellationToken)
    {
        var partition = RawProducer.Choose(fault.Target, fault.Index);
        await Task.Run(
            () => RawProducer.LeaveOpen(kafka.BootstrapServers, partition, $"chaos-{fault.Number}", OpenFor), cancellationToken);
        do
        {
            await Task.Delay(500, cancellationToken);
        }
        while (await groups.HasOpenTransactionAsync(partition));
    }

    private async Task HarmStoreAsync(ScheduledFault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.HangStore:
                await Shell.SignalAsync(redis.Process, "STOP");
                await Task.Delay(fault.Outage, cancellationToken);
                await Shell.SignalAsync(redis.Process, "CONT");
                return;
            case FaultKind.CutConnections:
                await redis.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                return;
            case FaultKind.ReadOnlyStore:
                await redis.ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "1");
                await Task.Delay(fault.Outage, cancellationToken);
                await redis.ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "0");
                return;
            case FaultKind.FullStore:
                await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", $"{await redis.UsedBytesAsync() / 2}");
                await Task.Delay(fault.Outage, cancellationToken);
                await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
                return;
            case FaultKind.KillStore:
                await redis.KillAsync();
                break;
            case FaultKind.EmptyStore:
                await redis.KillAndEmptyAsync();
                break;
            case FaultKind.LoseLastSecond:
                await redis.KillAndLoseAsync(LastSecond, cancellationToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, "nobody knows how to do this");
        }

        await Task.Delay(fault.Outage, cancellationToken);
        await redis.StartAsync(cancellationToken);
    }
}
