namespace Strata.Ingestion.Events;

/// <summary>Dates the events of producers that do not say when they happened.</summary>
/// <param name="Now">The time; null for the time of receipt. A host whose stream plays another time says it here: one event from today
/// would move the whole stream's time.</param>
public sealed record EventClock(Func<DateTimeOffset?> Now);
