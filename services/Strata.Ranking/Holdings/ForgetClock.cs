namespace Strata.Ranking.Holdings;

/// <summary>Says up to when a user's events are forgotten.</summary>
/// <param name="Now">The time; null for the time of the call. A host whose stream plays another time says it here.</param>
public sealed record ForgetClock(Func<DateTimeOffset?> Now);
