using Strata.Console;
using Strata.Local.Sample;

namespace Strata.Local.Traffic;

/// <summary>What the replay has done so far. Written by the traffic, read by the screen; every value is replaced whole.</summary>
internal sealed class TrafficStatus
{
    private long _events;
    private long _slates;
    private long _trials;
    private long _hits;
    private long _popularHits;

    /// <summary>Events that the broker has acknowledged.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Slates shown to shoppers.</summary>
    public long Slates => Interlocked.Read(ref _slates);

    /// <summary>First touches whose item was looked for in a slate asked for before the event was sent.</summary>
    public long Trials => Interlocked.Read(ref _trials);

    /// <summary>Share of the trials in which the slate of ten had the item.</summary>
    public double HitRate => Trials == 0 ? 0 : (double)Interlocked.Read(ref _hits) / Trials;

    /// <summary>The same for the ten most popular items that the shopper had not touched.</summary>
    public double PopularHitRate => Trials == 0 ? 0 : (double)Interlocked.Read(ref _popularHits) / Trials;

    /// <summary>Distinct users that have acted.</summary>
    public int Users { get; set; }

    /// <summary>Time of the newest event sent, on the simulation's clock; null before the first.</summary>
    public DateTimeOffset? SimulatedTime { get; set; }

    /// <summary>Seconds from the start of the process to the first slate; 0 while there is none.</summary>
    public double FirstSlateSeconds { get; set; }

    /// <summary>The newest act, in words, and whose it was.</summary>
    public (string UserId, string Words)? LastAct { get; private set; }

    /// <summary>As the web console shows it.</summary>
    public ConsoleNow ToConsole() => LastAct is not { } act
        ? new ConsoleNow()
        : new ConsoleNow { Events = Events, Users = Users, StreamTime = SimulatedTime, UserId = act.UserId, Act = act.Words };

    public void CountEvents(int count) => Interlocked.Add(ref _events, count);

    public void CountSlate() => Interlocked.Increment(ref _slates);

    public void CountTrial(bool hit, bool popularHit)
    {
        Interlocked.Increment(ref _trials);
        Interlocked.Add(ref _hits, hit ? 1 : 0);
        Interlocked.Add(ref _popularHits, popularHit ? 1 : 0);
    }

    public void Acted(SimulatedEvent act, SampleCatalogue catalogue)
        => LastAct = (
            act.UserId,
            act.Query is { } query
                ? $"searched “{query}”"
                : $"{act.Action.ToString().ToLowerInvariant()} “{catalogue.Find(act.ItemId!)?.Title ?? act.ItemId}”");
}
