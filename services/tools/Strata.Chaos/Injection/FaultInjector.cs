using Strata.Chaos.Faults;
using Strata.Chaos.Running;
using Strata.Chaos.Stack;

namespace Strata.Chaos.Injection;

/// <summary>Does what the schedule says; returns when the fault has ended and recovery begins.</summary>
internal sealed class FaultInjector(RunningSystem system) : IDisposable
{
    private static readonly TimeSpan ReadyBudget = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LastSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(3);

    /// <summary>How much later everything arrives on slow connections, each way.</summary>
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(200);

    private readonly RawProducer _raw = new(system.Kafka.BootstrapServers);
    private readonly Random _random = new(system.Options.Seed);

    public async Task InjectAsync(ScheduledFault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.KillService or FaultKind.HangService or FaultKind.RestartService or FaultKind.StepClock:
                await HarmAsync(Choose(system.Fleet.Of(fault.Target), fault.Index), fault, cancellationToken);
                break;
            case FaultKind.KillBroker:
                await system.Kafka.KillAsync(1 + (fault.Index % system.Kafka.Nodes), cancellationToken);
                await Task.Delay(fault.Outage, cancellationToken);
                await system.Kafka.UpAsync(1 + (fault.Index % system.Kafka.Nodes), cancellationToken);
                break;
            case FaultKind.HangBroker:
                await system.Kafka.PauseAsync(1 + (fault.Index % system.Kafka.Nodes), cancellationToken);
                await Task.Delay(fault.Outage, cancellationToken);
                await system.Kafka.ResumeAsync(1 + (fault.Index % system.Kafka.Nodes));
                break;
            case FaultKind.CutConnections or FaultKind.SlowConnections or FaultKind.DeadConnections:
                await HarmConnectionsAsync(fault, cancellationToken);
                break;
            case FaultKind.Rebalance:
                await JoinAndLeaveAsync(fault, cancellationToken);
                break;
            case FaultKind.OpenTransaction:
                await LeaveOpenAsync(fault, cancellationToken);
                break;
            case FaultKind.Poison:
                await _raw.SendAsync(PoisonRecords.Draw(_random));
                break;
            case FaultKind.Duplicates:
                var again = system.Producer.Recent.ToArray();
                _random.Shuffle(again);
                await Task.WhenAll(again.Take(50).Select(act => system.Producer.PublishAsync(act, cancellationToken)));
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
                victim.Pause();
                await Task.Delay(fault.Outage, cancellationToken);
                victim.Resume();
                return;
            case FaultKind.StepClock:
                await victim.StepClockAsync(TimeSpan.FromMinutes((fault.Index % 2 == 0 ? 2 : -2) * (fault.Index + 1)), cancellationToken);
                await Task.Delay(fault.Outage, cancellationToken);
                await victim.StepClockAsync(TimeSpan.Zero, cancellationToken);
                return;
            case FaultKind.KillService:
                await victim.KillAsync();
                break;
            default:
                await StopAsync(victim);
                break;
        }

        victim.Start();
        await victim.ReadyAsync(ReadyBudget, cancellationToken);
    }

    private async Task HarmConnectionsAsync(ScheduledFault fault, CancellationToken cancellationToken)
    {
        var proxies = fault.Target == FaultSchedule.Store ? system.Store.Proxies : system.Kafka.Proxies;
        foreach (var proxy in proxies)
        {
            switch (fault.Kind)
            {
                case FaultKind.CutConnections:
                    proxy.Cut();
                    break;
                case FaultKind.DeadConnections:
                    proxy.Forget();
                    break;
                default:
                    proxy.Delay = Slowness;
                    break;
            }
        }

        if (fault.Kind == FaultKind.SlowConnections)
        {
            await Task.Delay(fault.Outage, cancellationToken);
            foreach (var proxy in proxies)
            {
                proxy.Delay = TimeSpan.Zero;
            }
        }
    }

    private async Task JoinAndLeaveAsync(ScheduledFault fault, CancellationToken cancellationToken)
    {
        await using var guest = system.Fleet.Guest(fault.Target);
        guest.Start();
        await guest.ReadyAsync(ReadyBudget, cancellationToken);
        await Task.Delay(fault.Outage, cancellationToken);
        await StopAsync(guest);
    }

    private async Task StopAsync(ServiceInstance instance)
    {
        if (await instance.StopAsync() is not 0 and var code)
        {
            system.Violations.Add(
                "a stop is in good order", $"{instance.Name} ended with {(code is null ? "nothing in 45 s" : $"{code}")}");
        }
    }

    private async Task LeaveOpenAsync(ScheduledFault fault, CancellationToken cancellationToken)
    {
        var partition = RawProducer.Choose(fault.Target, fault.Index);
        await Task.Run(
            () => RawProducer.LeaveOpen(system.Kafka.BootstrapServers, partition, $"chaos-{fault.Number}", OpenFor),
            cancellationToken);
        do
        {
            await Task.Delay(500, cancellationToken);
        }
        while (await system.Groups.HasOpenTransactionAsync(partition));
    }

    private async Task HarmStoreAsync(ScheduledFault fault, CancellationToken cancellationToken)
    {
        var victim = await system.Store.PrimaryAsync(fault.Index);
        switch (fault.Kind)
        {
            case FaultKind.HangStore:
                Shell.Signal(victim.Process, Signal.Stop);
                await Task.Delay(fault.Outage, cancellationToken);
                Shell.Signal(victim.Process, Signal.Continue);
                return;
            case FaultKind.FullDisk:
                await victim.FillDiskAsync(full: true, cancellationToken);
                await Task.Delay(fault.Outage, cancellationToken);
                await victim.FillDiskAsync(full: false, cancellationToken);
                return;
            case FaultKind.ReadOnlyStore:
                await victim.ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "1");
                await Task.Delay(fault.Outage, cancellationToken);
                await victim.ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "0");
                return;
            case FaultKind.FullStore:
                await victim.ExecuteAsync("CONFIG", "SET", "maxmemory", $"{await victim.UsedBytesAsync() / 2}");
                await Task.Delay(fault.Outage, cancellationToken);
                await victim.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
                return;
            case FaultKind.KillStore:
                await victim.KillAsync();
                break;
            case FaultKind.EmptyStore:
                await victim.KillAndEmptyAsync();
                break;
            case FaultKind.LoseLastSecond:
                await victim.KillAndLoseAsync(LastSecond, cancellationToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, "nobody knows how to do this");
        }

        await Task.Delay(fault.Outage, cancellationToken);
        await victim.StartAsync(cancellationToken);
    }
}
