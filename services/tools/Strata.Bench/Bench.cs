using System.Diagnostics;
using Strata.Bench.Limits;
using Strata.Bench.Load;
using Strata.Bench.Measuring;
using Strata.Bench.Stack;

namespace Strata.Bench;

/// <summary>Puts a catalogue and users with a history into a running system, then measures it under load.</summary>
internal sealed class Bench(BenchTarget target, BenchOptions options, Action<string> tell)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Between what is put and what is measured, so that nothing of the first is counted with the second.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly BenchShop _shop = new(options);
    private readonly ProcessMeter _meter = new(
        new Dictionary<string, int>(target.Processes, StringComparer.Ordinal) { ["generator"] = Environment.ProcessId });

    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetUtcNow();
        var yardsticks = new List<Phase>();
        if (options.Mode != BenchModes.Idle)
        {
            yardsticks.Add(await Yardsticks.EmptyCallAsync(options.Callers, cancellationToken));
            if (target.Brokers is { } brokers)
            {
                yardsticks.Add(await Yardsticks.BareProducerAsync(brokers, _shop, options.Users, cancellationToken));
            }

            yardsticks.ForEach(yardstick => tell(FormattableString.Invariant($"{yardstick.Name}: {yardstick.Rate:F0}/s")));
        }

        var events = new EventLoad(target.Ingestion, options, _shop);
        var phases = new List<Phase>();
        if (!options.Keeps)
        {
            phases.Add(await PhaseAsync("catalogue", events.PutItemsAsync, held: false, cancellationToken));
            phases.Add(await PhaseAsync("history", events.PutHistoryAsync, held: true, cancellationToken));
            await Task.Delay(Settle, cancellationToken);
        }

        switch (options.Mode)
        {
            case BenchModes.Idle:
                phases.Add(await PhaseAsync("idle", WaitAsync, held: false, cancellationToken));
                break;
            case BenchModes.Publish:
                phases.Add(await PhaseAsync("publish", events.RunAsync, held: true, cancellationToken));
                break;
            case BenchModes.Recommend:
                phases.Add(await PhaseAsync("recommend", Slates, held: false, cancellationToken));
                break;
            default:
                var publishing = events.RunAsync(cancellationToken);
                phases.Add(await PhaseAsync("recommend under events", Slates, held: false, cancellationToken));
                phases.Add((await publishing).ToPhase("publish under slates"));
                break;
        }

        foreach (var (reason, count) in events.Refusals)
        {
            tell($"{count} events refused: {reason}");
        }

        return new BenchReport
        {
            Began = began,
            Options = options,
            Cores = Environment.ProcessorCount,
            Yardsticks = yardsticks,
            Phases = phases,
        };
    }

    private Task<Tally> Slates(CancellationToken cancellationToken) => new SlateLoad(target.Ranking, options).RunAsync(cancellationToken);

    private async Task<Tally> WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(options.Time, cancellationToken);
        return new Tally();
    }

    private async Task<Phase> PhaseAsync(
        string name, Func<CancellationToken, Task<Tally>> load, bool held, CancellationToken cancellationToken)
    {
        tell($"{name} …");
        var (before, log) = (_meter.Read(), LogFolder.Read(target.LogFolder));
        var started = Stopwatch.GetTimestamp();
        var lags = new List<Lag>();
        var sampler = new GrowthSampler(_meter, options.WarmUp, TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sampling = sampler.RunAsync(end.Token);
        var sending = load(cancellationToken);
        double? heldSeconds = null;
        if (held && target.Brokers is { } brokers)
        {
            using var groups = new GroupLag(brokers);
            heldSeconds = await FollowAsync(groups, sending, started, lags, cancellationToken);
        }

        var tally = await sending;
        await end.CancelAsync();
        await sampling;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var phase = tally.ToPhase(name) with
        {
            HeldSeconds = heldSeconds,
            Lags = lags,
            Processes = ProcessMeter.Between(before, _meter.Read(), seconds, tally.Done),
            Topics = LogFolder.Between(log, LogFolder.Read(target.LogFolder), tally.Done),
            Growth = sampler.Found(),
        };
        return phase.Seconds > 0 ? phase : phase with { Seconds = seconds };
    }

    /// <summary>Looks at the lag each second, until all is sent and none is left; how long that took.</summary>
    private static async Task<double> FollowAsync(
        GroupLag groups, Task<Tally> sending, long started, List<Lag> lags, CancellationToken cancellationToken)
    {
        while (true)
        {
            var sent = sending.IsCompleted;
            var lag = await groups.ReadAsync();
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            lags.Add(new Lag(seconds, lag));
            if ((sent && lag == 0) || sending.IsFaulted)
            {
                return seconds;
            }

            if (seconds > Patience.TotalSeconds)
            {
                throw new TimeoutException($"{lag} records are not absorbed after {Patience}");
            }

            var pause = Task.Delay(sent ? Second / 4 : Second, cancellationToken);
            await (sent ? pause : Task.WhenAny(pause, sending));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
