namespace Strata.Console;

/// <summary>What a host knows beyond its JSON calls; the page does without what is not there.</summary>
public sealed record ConsoleNow
{
    /// <summary>Events taken in so far.</summary>
    public long? Events { get; init; }

    /// <summary>Users that have acted.</summary>
    public int? Users { get; init; }

    /// <summary>The stream's time, where that is not the wall clock's.</summary>
    public DateTimeOffset? StreamTime { get; init; }

    /// <summary>Whose the newest act is.</summary>
    public string? UserId { get; init; }

    /// <summary>The newest act, in words.</summary>
    public string? Act { get; init; }
}
