using Google.Protobuf;

namespace Strata.Streaming.Publishing;

/// <summary>Publishes several messages, all or none.</summary>
public interface IBatchPublisher
{
    /// <summary>
    /// Publishes messages to one topic in one transaction and waits for its commit: readers of committed records see all of them or none.
    /// Throws <see cref="PublishException"/> when there is none, with <see cref="PublishException.Index"/> where one message is to blame;
    /// a transient one may also mean that the commit went unanswered, and all are in. Ended by the token, it goes on to its end unseen.
    /// </summary>
    /// <returns>Where each lies, in the order of <paramref name="messages"/>.</returns>
    Task<IReadOnlyList<PublishedPosition>> PublishAllAsync(
        string topic,
        IReadOnlyList<KeyValuePair<string, IMessage>> messages,
        DateTimeOffset timestamp,
        CancellationToken cancellationToken);
}
