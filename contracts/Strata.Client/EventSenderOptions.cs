namespace Strata.Client;

/// <summary>How a sender gathers, waits and gives up.</summary>
public sealed class EventSenderOptions
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How long an event waits for others to go with it. Zero: it goes as soon as the call before has ended.</summary>
    /// <value>The default is 20 ms.</value>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Most events in one call, 1 to 1,000; a call ends at 1 MiB too.</summary>
    /// <value>The default is 500.</value>
    public int MaxBatch { get; set; } = 500;

    /// <summary>Most events without an answer, at least 1: where there are as many, putting another one in waits.</summary>
    /// <value>The default is 10,000.</value>
    public int Capacity { get; set; } = 10_000;

    /// <summary>Deadline of one call.</summary>
    /// <value>The default is 10 s.</value>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an event is tried again, from when it was put in. Then it is told as failed; nobody knows whether it counts.
    /// </summary>
    /// <value>The default is two minutes.</value>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long disposing waits for what is still to be sent. What is left then is told as failed.</summary>
    /// <value>The default is 30 s.</value>
    public TimeSpan DisposeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Told of each event that was refused or given up, for who does not await results; one at a time, and nothing is sent meanwhile. What
    /// it throws first is told by <see cref="EventSender.DisposeAsync"/>.
    /// </summary>
    /// <value>Null: nobody is told but who awaits.</value>
    public Action<EventResult>? OnFailed { get; set; }

    internal void Check()
    {
        Require(Linger >= TimeSpan.Zero && Linger <= Longest, nameof(Linger), "be from zero to a day");
        Require(MaxBatch is >= 1 and <= 1_000, nameof(MaxBatch), "be from 1 to 1,000");
        Require(Capacity >= 1, nameof(Capacity), "be at least 1");
        Require(CallTimeout > TimeSpan.Zero && CallTimeout <= Longest, nameof(CallTimeout), "be above zero and at most a day");
        Require(GiveUpAfter >= TimeSpan.Zero, nameof(GiveUpAfter), "not be negative");
        Require(DisposeTimeout >= TimeSpan.Zero && DisposeTimeout <= Longest, nameof(DisposeTimeout), "be from zero to a day");
    }

    private static void Require(bool holds, string name, string rule)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} must {rule}.");
        }
    }
}
