namespace Strata.Streaming.Consuming.Committing;

/// <summary>
/// The transactional id of one consumer. A producer that takes over its predecessor's id ends at once what that one left open, and nothing
/// of that one can come through any more; only where another process claims the id is a new one taken.
/// </summary>
/// <param name="group">The consumer group.</param>
/// <param name="instance">Name of the process.</param>
/// <param name="inherited">Whether an earlier process may have had the same.</param>
internal sealed class TransactionalNames(string group, string instance, bool inherited = false)
{
    private int _number;

    /// <summary>The id of the next producer.</summary>
    public string Current => $"{group}-{instance}-{Volatile.Read(ref _number)}";

    /// <summary>True once a producer had an id of this consumer: one that comes may have something to end.</summary>
    public bool Used { get; private set; } = inherited;

    public string Use()
    {
        Used = true;
        return Current;
    }

    public void Renew() => Interlocked.Increment(ref _number);
}
