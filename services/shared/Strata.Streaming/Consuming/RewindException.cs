namespace Strata.Streaming.Consuming;

/// <summary>
/// A handler's state turned out to lie behind the records it is given. Thrown by the handler, it is no failure: the next handler of the
/// partition begins at <paramref name="offset"/> where that is less than its other positions, and meets records again that its state
/// already holds. It finds the offset in <see cref="PartitionContext.Rewound"/>, so that it does not ask for the same again.
/// </summary>
/// <param name="topic">Topic to read again.</param>
/// <param name="offset">Offset to begin at; 0: as far back as the log goes.</param>
/// <param name="message">What is missing.</param>
/// <param name="inner">What showed it.</param>
public sealed class RewindException(string topic, long offset, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Topic to read again.</summary>
    public string Topic => topic;

    /// <summary>Offset to begin at.</summary>
    public long Offset => offset;
}
